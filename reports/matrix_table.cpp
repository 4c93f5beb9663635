#include <fmt/format.h>

#include <algorithm>

#include "core/units.h"
#include "reports/figure_cell.h"

namespace atonce {
namespace {

Cell ideal_cell(const Comparison& comparison, std::size_t cap) {
  const auto ideal = comparison.ideal_makespan(cap);
  return {ideal ? format(Figure::ideal, *ideal) : no_figure};
}

Tone tone_of(double efficiency) {
  constexpr double close = 0.95, far = 0.8;
  if (efficiency >= close) return Tone::good;
  return efficiency < far ? Tone::caution : Tone::plain;
}

Cell measured_cell(const Row* row) {
  if (!row || !row->figure(Figure::makespan)) return {no_figure};
  auto cell = figure_cell(Figure::makespan, row->figure(Figure::makespan));
  const auto& efficiency = row->figure(Figure::efficiency);
  if (!efficiency) return cell;
  cell.text += fmt::format(" ({})", format(Figure::efficiency, efficiency->median));
  cell.tone = tone_of(efficiency->median);
  return cell;
}

}  // namespace

Table matrix_table(const Comparison& comparison) {
  if (comparison.results->shape != LoadShape::batch || comparison.rows.empty()) return {};
  Table table;
  table.columns.push_back({.header = "runner", .key = true});
  TableRow ideal{.cells = {{"ideal"}}};
  for (const auto cap : comparison.caps) {
    table.columns.push_back({.header = "cap " + format_limit(cap), .number = true});
    ideal.cells.push_back(ideal_cell(comparison, cap));
  }
  table.rows.push_back(std::move(ideal));
  for (std::size_t i = 0; i < comparison.contenders.size(); ++i) {
    TableRow row{.cells = {{comparison.contenders[i].label()}}, .group = 1, .series = i};
    for (const auto cap : comparison.caps)
      row.cells.push_back(measured_cell(comparison.find(i, cap)));
    table.rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace atonce
