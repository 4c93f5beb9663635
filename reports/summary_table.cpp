#include <fmt/format.h>

#include "reports/table_builder.h"

namespace atonce {
namespace {

enum Part : unsigned { speed, cost };

Tone tone_of(VerdictLevel level) {
  switch (level) {
    case VerdictLevel::valid:
      return Tone::good;
    case VerdictLevel::suspect:
      return Tone::caution;
    case VerdictLevel::invalid:
      return Tone::bad;
  }
  return Tone::plain;
}

Cell range_cell(const Row& row, Figure figure) {
  const auto& value = row.figure(figure);
  if (!value || row.finished < 2) return {no_figure};
  const auto min = format(figure, value->min), max = format(figure, value->max);
  const auto unit = [](const std::string& text) { return text.find_first_not_of("0123456789."); };
  if (min.substr(unit(min)) != max.substr(unit(max))) return {min + "-" + max};
  return {min.substr(0, unit(min)) + "-" + max.substr(0, unit(max))};
}

Cell errors_cell(const Row& row) {
  return {fmt::to_string(row.errors), row.errors > 0 ? Tone::bad : Tone::plain};
}

Cell verdict_cell(const Row& row) {
  if (row.crashed > 0) return {"CRASHED", Tone::bad};
  if (row.interrupted > 0) return {"STOPPED", Tone::caution};
  return {std::string(name(row.verdict)), tone_of(row.verdict)};
}

}  // namespace

Table summary_table(const Comparison& comparison) {
  const auto first = headline_figure(comparison.results->shape);
  std::vector<const Row*> rows;
  for (const auto& row : comparison.rows) rows.push_back(&row);
  TableBuilder builder(comparison, std::move(rows));
  builder.add_contender();
  builder.add(first, speed);
  if (first == Figure::makespan) builder.add(Figure::efficiency, speed);
  for (const auto figure : {Figure::response_p50, Figure::response_p90, Figure::response_p99})
    builder.add(figure, speed);
  if (comparison.repeated())
    builder.add({.header = "min-max",
                 .meaning = "over the repetitions; every other figure is their median",
                 .number = true,
                 .part = speed},
                [first](const Row& row) { return range_cell(row, first); });
  for (const auto figure :
       {Figure::overhead_p50, Figure::overhead_p99, Figure::cpu_per_call, Figure::memory_per_call})
    builder.add(figure, cost);
  builder.add({.header = "errors",
               .meaning = "calls that did not end well, in all repetitions",
               .number = true,
               .part = cost},
              errors_cell);
  builder.add({.header = "verdict",
               .meaning = "whether the figures may be believed; the reasons stand below",
               .part = cost},
              verdict_cell);
  return builder.take();
}

}  // namespace atonce
