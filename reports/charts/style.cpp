#include "reports/charts/style.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/units.h"
#include "reports/palette.h"

namespace atonce {
namespace {

/// Counts the runners before this one, and the transports of this runner before this one.
struct Place {
  std::size_t runner = 0, transport = 0;
};

Place place_of(const Comparison& comparison, std::size_t contender) {
  Place place;
  for (std::size_t i = 1; i <= contender; ++i) {
    const bool same_runner = comparison.contenders[i].runner == comparison.contenders[i - 1].runner;
    place.transport = same_runner ? place.transport + 1 : 0;
    if (!same_runner) ++place.runner;
  }
  return place;
}

std::size_t largest_cap(const std::vector<const Row*>& rows) {
  return (*std::ranges::max_element(rows, {}, &Row::cap))->cap;
}

}  // namespace

std::string contender_colour(const Comparison& comparison, std::size_t contender) {
  if (comparison.contenders[contender].is_floor()) return std::string(neutral);
  return hue(place_of(comparison, contender).runner);
}

Series contender_series(const Comparison& comparison, std::size_t contender) {
  static constexpr std::array<std::string_view, 8> symbols{
      "circle", "rect", "triangle", "diamond", "roundRect", "circle", "rect", "triangle"};
  const auto place = place_of(comparison, contender);
  const bool second = place.transport > 0;
  return {.name = comparison.contenders[contender].label(),
          .colour = contender_colour(comparison, contender),
          .symbol = (second ? "empty:" : "") + std::string(symbols[place.runner % symbols.size()]),
          .dashed = second,
          .points = {}};
}

double nested_width(std::size_t rank, std::size_t count) {
  constexpr double thinnest = 1.5, step = 0.8;
  return thinnest + step * static_cast<double>(count - 1 - rank);
}

std::vector<const Row*> representatives(const Comparison& comparison) {
  std::vector<const Row*> rows;
  for (std::size_t i = 0; i < comparison.contenders.size(); ++i) {
    if (comparison.contenders[i].is_floor()) continue;
    if (const auto* row = representative(comparison, i)) rows.push_back(row);
  }
  return rows;
}

std::string cap_in_words(const std::vector<const Row*>& rows) {
  const auto cap = largest_cap(rows);
  const bool same = std::ranges::all_of(rows, [cap](const Row* row) { return row->cap == cap; });
  return "cap " + format_limit(cap) + (same ? "" : " where a name does not say otherwise");
}

std::string series_name(const Comparison& comparison, const Row& row,
                        const std::vector<const Row*>& rows) {
  const auto label = comparison.contender(row).label();
  if (row.cap == largest_cap(rows)) return label;
  return fmt::format("{} (cap {})", label, format_limit(row.cap));
}

}  // namespace atonce
