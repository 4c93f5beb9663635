#include <fmt/format.h>

#include <algorithm>

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

bool any_can_tell(const Comparison& comparison, Figure figure) {
  return std::ranges::any_of(comparison.rows, [figure](const Row& row) {
    return row.figure(figure) && !row.figure(figure)->is_thin();
  });
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
  builder.add(first, {.part = speed, .leading = true});
  if (first == Figure::makespan) builder.add(Figure::efficiency, {.part = speed, .leading = true});
  for (const auto figure : {Figure::response_p50, Figure::response_p90, Figure::response_p99})
    builder.add(figure, {.part = speed});
  if (any_can_tell(comparison, Figure::response_p999))
    builder.add(Figure::response_p999, {.part = speed, .wide = true});
  // The largest of a batch is its makespan.
  if (first != Figure::makespan) builder.add(Figure::response_max, {.part = speed, .wide = true});
  for (const auto figure :
       {Figure::overhead_p50, Figure::overhead_p99, Figure::cpu_per_call, Figure::memory_per_call})
    builder.add(figure, {.part = cost});
  builder.add({.header = "errors",
               .meaning = "calls that did not end well, in all repetitions",
               .number = true,
               .part = cost},
              errors_cell);
  builder.add({.header = "verdict",
               .meaning = "whether the figures may be believed; the reasons stand below",
               .part = cost},
              verdict_cell);
  return builder.take_with_methods();
}

}  // namespace atonce
