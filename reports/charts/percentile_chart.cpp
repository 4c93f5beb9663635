#include "reports/charts/percentile_chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "reports/charts/style.h"
#include "reports/ruler.h"

namespace atonce {
namespace {

constexpr double positions_per_decade = 24;

struct Percentile {
  double p;
  const char* name;
};
constexpr std::array<Percentile, 6> named{
    {{0, "min"}, {0.5, "p50"}, {0.9, "p90"}, {0.99, "p99"}, {0.999, "p99.9"}, {0.9999, "p99.99"}}};

/// The tail is stretched: 90 %, 99 %, 99.9 % stand at equal distances.
double place(double p) {
  return -std::log10(1 - p);
}

/// The last percentile that is more than the largest of `count` values under another name.
double last_place(std::uint64_t count) {
  return std::log10(static_cast<double>(count));
}

double quantile(const Histogram& histogram, double p) {
  return static_cast<double>(histogram.quantile(p).count());
}

std::string percent(double p) {
  return fmt::format("{:.4g} %", 100 * p);
}

std::vector<Point> curve(const Histogram& histogram, const Ruler& ruler) {
  std::vector<Point> points;
  const auto steps = static_cast<int>(last_place(histogram.count()) * positions_per_decade + 1e-9);
  for (int i = 0; i <= steps; ++i) {
    const double x = i / positions_per_decade;
    const double p = 1 - std::pow(10, -x);
    const double value = quantile(histogram, p);
    points.push_back({x, ruler.place(value),
                      fmt::format("{} within {}", percent(p), format(Unit::nanoseconds, value)),
                      ""});
  }
  return points;
}

Axis percentile_axis(std::string title, double last) {
  Axis axis{.title = std::move(title), .min = 0, .max = last, .ticks = {}};
  for (const auto& [p, name] : named)
    if (p > 0 && place(p) <= last + 1e-9) axis.ticks.push_back({place(p), percent(p)});
  return axis;
}

TableRow data_row(const std::string& name, std::size_t contender, const Histogram& histogram) {
  TableRow row{.cells = {{name}}, .series = contender};
  for (const auto& percentile : named) {
    const bool known = place(percentile.p) <= last_place(histogram.count()) + 1e-9;
    row.cells.push_back(
        {known ? format(Unit::nanoseconds, quantile(histogram, percentile.p)) : no_figure});
  }
  return row;
}

}  // namespace

std::optional<Chart> percentile_chart(const Comparison& comparison, Metric metric,
                                      PercentileChartText text) {
  std::vector<const Row*> rows;
  std::vector<Histogram> histograms;
  std::vector<double> ends;
  double last = 1;
  for (const auto* row : representatives(comparison)) {
    auto histogram = pooled(*row, metric);
    if (histogram.empty()) continue;
    ends.push_back(quantile(histogram, 0));
    ends.push_back(quantile(histogram, 1));
    last = std::max(last, last_place(histogram.count()));
    histograms.push_back(std::move(histogram));
    rows.push_back(row);
  }
  if (rows.empty()) return {};
  const Ruler ruler(Unit::nanoseconds, ends);
  Chart chart{.name = std::move(text.name),
              .title = std::move(text.title),
              .caption = text.what + ", at " + cap_in_words(rows) +
                         ". The axis stretches the tail: each step to the right leaves a tenth of "
                         "them. Lower is better. Where lines coincide, the later one is thinner.",
              .x = percentile_axis(std::move(text.share), last),
              .y = ruler.axis(std::move(text.figure)),
              .series = {},
              .tooltip = Tooltip::column,
              .data = {}};
  chart.y.lines = true;
  chart.data.columns.push_back({.header = "runner", .key = true});
  for (const auto& percentile : named)
    chart.data.columns.push_back({.header = percentile.name, .number = true});
  for (std::size_t i = 0; i < rows.size(); ++i) {
    auto series = contender_series(comparison, rows[i]->contender);
    series.name = series_name(comparison, *rows[i], rows);
    series.symbol = "none";
    series.width = nested_width(i, rows.size());
    series.points = curve(histograms[i], ruler);
    chart.data.rows.push_back(data_row(series.name, rows[i]->contender, histograms[i]));
    chart.series.push_back(std::move(series));
  }
  return chart;
}

}  // namespace atonce
