#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "reports/charts/charts.h"
#include "reports/charts/style.h"
#include "reports/figure_cell.h"
#include "reports/ruler.h"

namespace atonce {
namespace {

constexpr double first_place = 2, last_place = 10;  // 100 ns, 10 s, as powers of ten
constexpr int bins_per_decade = 8;
constexpr double tallest = 0.8, shade = 0.75;

/// Of a lag in ns; what lies beyond an end stands there.
double place(double lag) {
  return std::clamp(std::log10(std::max(lag, 1.0)), first_place, last_place - 1e-9);
}

int bin_of(double lag) {
  return static_cast<int>((place(lag) - first_place) * bins_per_decade);
}

double end_of_bin(int bin) {
  return first_place + static_cast<double>(bin) / bins_per_decade;
}

struct Ridge {
  const Row* row;
  Histogram lags;
  std::vector<double> bins;  // shares of the largest
};

std::vector<double> bins_of(const Histogram& lags) {
  std::vector<double> bins(static_cast<std::size_t>((last_place - first_place) * bins_per_decade));
  for (const auto& [bucket, count] : lags.buckets())
    bins[static_cast<std::size_t>(bin_of(
        static_cast<double>(Histogram::bucket_low(bucket).count())))] += static_cast<double>(count);
  const double most = std::ranges::max(bins);
  for (double& bin : bins) bin /= most;
  return bins;
}

std::vector<Ridge> ridges_of(const Comparison& comparison) {
  std::vector<Ridge> ridges;
  for (const auto* row : telling_rows(comparison)) {
    auto lags = pooled(*row, Metric::send_lag);
    if (lags.empty()) continue;
    auto bins = bins_of(lags);
    ridges.push_back({row, std::move(lags), std::move(bins)});
  }
  return ridges;
}

struct Ends {
  int first = 0, last = 0;  // bins
};

Ends filled(const std::vector<Ridge>& ridges) {
  Ends ends{static_cast<int>(ridges.front().bins.size()), 0};
  for (const auto& ridge : ridges)
    for (int bin = 0; bin < static_cast<int>(ridge.bins.size()); ++bin)
      if (ridge.bins[static_cast<std::size_t>(bin)] > 0)
        ends = {std::min(ends.first, bin), std::max(ends.last, bin + 1)};
  return ends;
}

Axis lag_axis(const Ends& ends) {
  Axis axis{.title = "send lag",
            .min = end_of_bin(ends.first),
            .max = end_of_bin(ends.last),
            .ticks = {}};
  for (int power = static_cast<int>(std::ceil(axis.min)); power <= axis.max; ++power)
    axis.ticks.push_back(
        {static_cast<double>(power), format_round(Unit::nanoseconds, std::pow(10.0, power))});
  axis.lines = true;
  return axis;
}

/// Row `number` from the top; the axis goes downwards.
Series bars(const Comparison& comparison, const Ridge& ridge, std::size_t number,
            const std::string& name) {
  Series series{.name = name,
                .colour = contender_colour(comparison, ridge.row->contender),
                .symbol = "none",
                .points = {}};
  const double base = static_cast<double>(number) + tallest / 2;
  for (std::size_t bin = 0; bin < ridge.bins.size(); ++bin)
    if (ridge.bins[bin] > 0)
      series.tiles.push_back({end_of_bin(static_cast<int>(bin)),
                              end_of_bin(static_cast<int>(bin) + 1), base,
                              base - tallest * ridge.bins[bin], shade});
  return series;
}

Series marks(const Ridge& ridge, std::size_t number, const std::string& name) {
  Series series{.name = name, .colour = "ink", .symbol = "circle", .width = 0, .points = {}};
  const auto add = [&](std::string_view what, Nanos lag) {
    const auto value = static_cast<double>(lag.count());
    const auto text = format(Unit::nanoseconds, value);
    series.points.push_back({place(value), static_cast<double>(number) + tallest / 2,
                             fmt::format("{} {}", what, text), what == "max" ? text : ""});
  };
  add("p50", ridge.lags.quantile(0.5));
  add("p99", ridge.lags.quantile(0.99));
  add("max", ridge.lags.max());
  return series;
}

}  // namespace

std::optional<Chart> send_lag_chart(const Comparison& comparison) {
  const auto ridges = ridges_of(comparison);
  if (ridges.empty()) return {};
  Chart chart{.name = "send_lag",
              .title = "How late were attempts sent?",
              .caption =
                  "From when an attempt could be sent until it was: how often each lag "
                  "occurred, as a share of the most frequent one. The dots are p50, p99 and "
                  "the largest. The axis is logarithmic.",
              .height = 0,
              .right = 72,
              .x = lag_axis(filled(ridges)),
              .y = row_axis(ridges.size()),
              .series = {},
              .legend = false,
              .data = {{{.header = "runner", .key = true},
                        {.header = "p50", .number = true},
                        {.header = "p99", .number = true},
                        {.header = "max", .number = true}},
                       {}}};
  chart.height = height_of_rows(ridges.size());
  for (std::size_t i = 0; i < ridges.size(); ++i) {
    const auto& lags = ridges[i].lags;
    const auto name = describe_briefly(comparison, *ridges[i].row);
    chart.y.ticks.push_back({static_cast<double>(i), name});
    chart.series.push_back(bars(comparison, ridges[i], i, name));
    chart.series.push_back(marks(ridges[i], i, name));
    chart.data.rows.push_back({.cells = {{name},
                                         percentile_cell(lags, 0.5),
                                         percentile_cell(lags, 0.99),
                                         percentile_cell(lags, 1)},
                               .series = ridges[i].row->contender});
  }
  chart.left = room_for(chart.y.ticks);
  return chart;
}

}  // namespace atonce
