#include "reports/charts/marks_chart.h"

#include <fmt/format.h>

#include "reports/charts/style.h"
#include "reports/ruler.h"

namespace atonce {
namespace {

using Figures = std::vector<double>;

double figure_of(const Histogram& histogram, const Mark& mark) {
  const auto value = mark.p == 1 ? histogram.max() : histogram.quantile(mark.p);
  return static_cast<double>(value.count());
}

Figures figures_of(const Histogram& histogram, const std::vector<Mark>& marks) {
  Figures figures;
  for (const auto& mark : marks) figures.push_back(figure_of(histogram, mark));
  return figures;
}

struct Line {
  const Row* row;
  Figures figures;
};

Series series_of(const Comparison& comparison, const Line& line, double y, const Ruler& ruler,
                 const std::vector<Mark>& marks) {
  auto series = contender_series(comparison, line.row->contender);
  series.width = 4;
  series.dashed = false;
  for (std::size_t i = 0; i < marks.size(); ++i) {
    const auto value = format(Unit::nanoseconds, line.figures[i]);
    series.points.push_back({ruler.place(line.figures[i]), y,
                             fmt::format("{} {}", marks[i].name, value),
                             i + 1 == marks.size() ? value : ""});
  }
  return series;
}

TableRow data_row(const std::string& name, const Line& line) {
  TableRow row{.cells = {{name}}, .series = line.row->contender};
  for (const double figure : line.figures) row.cells.push_back({format(Unit::nanoseconds, figure)});
  return row;
}

}  // namespace

std::optional<Chart> marks_chart(const Comparison& comparison, Metric metric,
                                 const std::vector<Mark>& marks, MarksChartText text) {
  std::vector<Line> lines;
  std::vector<const Row*> rows;
  std::vector<double> values;
  for (const auto* row : representatives(comparison)) {
    const auto histogram = pooled(*row, metric);
    if (histogram.empty()) continue;
    lines.push_back({row, figures_of(histogram, marks)});
    rows.push_back(row);
    values.insert(values.end(), lines.back().figures.begin(), lines.back().figures.end());
  }
  if (lines.empty()) return {};
  const Ruler ruler(Unit::nanoseconds, values);
  Chart chart{.name = std::move(text.name),
              .title = std::move(text.title),
              .caption = text.what + ", at " + cap_in_words(rows) + ". Lower is better.",
              .height = height_of_rows(lines.size()),
              .right = 72,
              .x = ruler.axis(std::move(text.figure)),
              .y = row_axis(lines.size()),
              .series = {},
              .legend = false,
              .data = {{{.header = "runner", .key = true}}, {}}};
  chart.x.lines = true;
  for (const auto& mark : marks)
    chart.data.columns.push_back({.header = mark.name, .number = true});
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto y = static_cast<double>(i);
    const auto name = series_name(comparison, *rows[i], rows);
    chart.y.ticks.push_back({y, name});
    chart.series.push_back(series_of(comparison, lines[i], y, ruler, marks));
    chart.data.rows.push_back(data_row(name, lines[i]));
  }
  chart.left = room_for(chart.y.ticks);
  return chart;
}

}  // namespace atonce
