#include <fmt/format.h>

#include <array>

#include "reports/charts/charts.h"
#include "reports/charts/style.h"
#include "reports/ruler.h"

namespace atonce {
namespace {

constexpr int row_height = 34, room_for_axis = 70;

struct Percentile {
  double p;
  const char* name;
};
constexpr std::array<Percentile, 3> shown{{{0.5, "p50"}, {0.9, "p90"}, {0.99, "p99"}}};
using Figures = std::array<double, shown.size()>;

std::optional<Figures> figures_of(const Row& row) {
  Histogram all;
  for (const auto* trial : row.trials)
    if (trial->status == TrialStatus::finished)
      all.merge(trial->metric(Metric::client_overhead).ok);
  if (all.empty()) return {};
  Figures figures{};
  for (std::size_t i = 0; i < shown.size(); ++i)
    figures[i] = static_cast<double>(all.quantile(shown[i].p).count());
  return figures;
}

struct Line {
  const Row* row;
  Figures figures;
};

Series series_of(const Comparison& comparison, const Line& line, double y, const Ruler& ruler) {
  auto series = contender_series(comparison, line.row->contender);
  series.width = 4;
  series.dashed = false;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const auto value = format(Unit::nanoseconds, line.figures[i]);
    series.points.push_back({ruler.place(line.figures[i]), y,
                             fmt::format("{} {}", shown[i].name, value),
                             i + 1 == shown.size() ? value : ""});
  }
  return series;
}

TableRow data_row(const std::string& name, const Line& line) {
  TableRow row{.cells = {{name}}, .series = line.row->contender};
  for (const double figure : line.figures) row.cells.push_back({format(Unit::nanoseconds, figure)});
  return row;
}

}  // namespace

std::optional<Chart> overhead_chart(const Comparison& comparison) {
  std::vector<Line> lines;
  std::vector<const Row*> rows;
  std::vector<double> values;
  for (const auto* row : representatives(comparison))
    if (const auto figures = figures_of(*row)) {
      lines.push_back({row, *figures});
      rows.push_back(row);
      values.insert(values.end(), figures->begin(), figures->end());
    }
  if (lines.empty()) return {};
  const Ruler ruler(Unit::nanoseconds, values);
  const double count = static_cast<double>(lines.size());
  Chart chart{.name = "client_overhead",
              .title = "How much time does the client add to a call?",
              .caption =
                  "Service time less the time for which the server held the request; from "
                  "left to right the marks are the median, 90 % and 99 % (with its figure), "
                  "at " +
                  cap_in_words(rows) + ". Lower is better.",
              .height = room_for_axis + row_height * static_cast<int>(lines.size()),
              .left = 245,
              .right = 72,
              .x = ruler.axis("client overhead"),
              .y = {.title = "", .min = -0.5, .max = count - 0.5, .ticks = {}, .downwards = true},
              .series = {},
              .legend = false,
              .data = {{{.header = "runner", .key = true}}, {}}};
  chart.x.lines = true;
  for (const auto& percentile : shown)
    chart.data.columns.push_back({.header = percentile.name, .number = true});
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto y = static_cast<double>(i);
    const auto name = series_name(comparison, *rows[i], rows);
    chart.y.ticks.push_back({y, name});
    chart.series.push_back(series_of(comparison, lines[i], y, ruler));
    chart.data.rows.push_back(data_row(name, lines[i]));
  }
  return chart;
}

}  // namespace atonce
