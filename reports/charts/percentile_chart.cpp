#include "reports/charts/percentile_chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "reports/charts/style.h"
#include "reports/figure_cell.h"
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

std::vector<Point> points_of(const PercentileCurve& curve, const Ruler& ruler) {
  std::vector<Point> points;
  const auto steps =
      static_cast<int>(last_place(curve.values.count()) * positions_per_decade + 1e-9);
  for (int i = 0; i <= steps; ++i) {
    const double x = i / positions_per_decade;
    const double p = 1 - std::pow(10, -x);
    const double value = quantile(curve.values, p);
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

/// Of the curve's name, so that both are hidden together.
Series mark_of(const PercentileCurve& curve, const Ruler& ruler) {
  Series mark{.name = curve.style.name,
              .colour = curve.style.colour,
              .symbol = "circle",
              .width = 0,
              .in_legend = false,
              .points = {}};
  mark.points.push_back({place(curve.marked_at),
                         ruler.place(quantile(curve.values, curve.marked_at)), "", curve.mark,
                         LabelSide::above});
  return mark;
}

TableRow data_row(const PercentileCurve& curve) {
  TableRow row{.cells = {{curve.label}}, .series = curve.contender};
  for (const auto& percentile : named) {
    const bool known = place(percentile.p) <= last_place(curve.values.count()) + 1e-9;
    row.cells.push_back(known ? percentile_cell(curve.values, percentile.p) : Cell{no_figure});
  }
  return row;
}

}  // namespace

Chart percentile_chart(std::vector<PercentileCurve> curves, PercentileChartText text,
                       std::string caption) {
  std::vector<double> ends;
  double last = 1;
  for (const auto& curve : curves) {
    ends.push_back(quantile(curve.values, 0));
    ends.push_back(quantile(curve.values, 1));
    last = std::max(last, last_place(curve.values.count()));
  }
  const Ruler ruler(Unit::nanoseconds, ends);
  Chart chart{.name = std::move(text.name),
              .title = std::move(text.title),
              .caption = std::move(caption) +
                         " The axis stretches the tail: each step to the right leaves a tenth of "
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
  for (auto& curve : curves) {
    curve.style.points = points_of(curve, ruler);
    chart.data.rows.push_back(data_row(curve));
    chart.series.push_back(curve.style);
  }
  for (const auto& curve : curves)
    if (!curve.mark.empty()) chart.series.push_back(mark_of(curve, ruler));
  return chart;
}

std::optional<Chart> percentile_chart(const Comparison& comparison, Metric metric,
                                      PercentileChartText text) {
  std::vector<const Row*> rows;
  std::vector<PercentileCurve> curves;
  for (const auto* row : representatives(comparison)) {
    auto histogram = pooled(*row, metric);
    if (histogram.empty()) continue;
    curves.push_back({.style = contender_series(comparison, row->contender),
                      .label = {},
                      .contender = row->contender,
                      .values = std::move(histogram)});
    rows.push_back(row);
  }
  if (rows.empty()) return {};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    Series& style = curves[i].style;
    style.name = curves[i].label = series_name(comparison, *rows[i], rows);
    style.symbol = "none";
    style.width = nested_width(i, rows.size());
  }
  auto caption = text.what + ", at " + cap_in_words(rows) + ".";
  return percentile_chart(std::move(curves), std::move(text), std::move(caption));
}

}  // namespace atonce
