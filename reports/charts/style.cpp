#include "reports/charts/style.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "core/units.h"
#include "reports/escape.h"
#include "reports/palette.h"

namespace atonce {
namespace {

/// Contenders that share a colour: those of one runner that play the same variant.
using Kind = std::pair<std::string, std::string>;

std::vector<Kind> kinds_of(const Comparison& comparison, bool by_variant) {
  std::vector<Kind> kinds;
  for (const auto& contender : comparison.contenders)
    if (!contender.is_floor())
      kinds.emplace_back(contender.runner, by_variant ? contender.variant : "");
  return kinds;
}

std::size_t distinct(const std::vector<Kind>& kinds) {
  return std::set<Kind>(kinds.begin(), kinds.end()).size();
}

/// Counts the kinds that come before that of a contender, and its like before itself.
struct Place {
  std::size_t kind = 0, nth = 0;
};

Place place_of(const Comparison& comparison, std::size_t contender) {
  auto kinds = kinds_of(comparison, true);
  // More colours than there are hues would repeat; then all variants of a runner have one.
  if (distinct(kinds) > hue_count) kinds = kinds_of(comparison, false);
  const auto own = kinds.begin() + static_cast<std::ptrdiff_t>(contender);
  const auto first = std::find(kinds.begin(), own, *own);
  return {.kind = distinct({kinds.begin(), first}),
          .nth = static_cast<std::size_t>(std::count(kinds.begin(), own, *own))};
}

std::size_t largest_cap(const std::vector<const Row*>& rows) {
  return (*std::ranges::max_element(rows, {}, &Row::cap))->cap;
}

}  // namespace

std::string contender_colour(const Comparison& comparison, std::size_t contender) {
  if (comparison.contenders[contender].is_floor()) return std::string(neutral);
  return hue(place_of(comparison, contender).kind);
}

Series contender_series(const Comparison& comparison, std::size_t contender) {
  static constexpr std::array<std::string_view, 8> symbols{
      "circle", "rect", "triangle", "diamond", "roundRect", "circle", "rect", "triangle"};
  const bool is_floor = comparison.contenders[contender].is_floor();
  const auto place = is_floor ? Place{} : place_of(comparison, contender);
  const bool second = place.nth > 0;
  return {.name = comparison.contenders[contender].label(),
          .colour = contender_colour(comparison, contender),
          .symbol = (second ? "empty:" : "") + std::string(symbols[place.kind % symbols.size()]),
          .dashed = second,
          .points = {}};
}

double nested_width(std::size_t rank, std::size_t count) {
  constexpr double thinnest = 1.5, step = 0.8;
  return thinnest + step * static_cast<double>(count - 1 - rank);
}

int room_for(const std::vector<Tick>& ticks) {
  constexpr std::size_t character = 7, margin = 26;
  constexpr std::size_t least = 110, most = 360;
  std::size_t longest = 0;
  for (const auto& tick : ticks) longest = std::max(longest, display_width(tick.label));
  return static_cast<int>(std::clamp(longest * character + margin, least, most));
}

int height_of_rows(std::size_t rows) {
  constexpr int row_height = 34, room_for_axis = 70;
  return room_for_axis + row_height * static_cast<int>(rows);
}

Axis row_axis(std::size_t rows) {
  return {.title = "",
          .min = -0.5,
          .max = static_cast<double>(rows) - 0.5,
          .ticks = {},
          .downwards = true};
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

Series line_of(const Comparison& comparison, const std::vector<const Row*>& rows, std::size_t i) {
  auto line = contender_series(comparison, rows[i]->contender);
  line.name = series_name(comparison, *rows[i], rows);
  line.symbol = "none";
  line.width = nested_width(i, rows.size());
  return line;
}

}  // namespace atonce
