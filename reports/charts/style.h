#pragma once
/// How a contender looks, the same in every chart.

#include <vector>

#include "reports/chart.h"
#include "reports/comparison.h"

namespace atonce {

/// A series without points: named after the contender, in the colour of its runner and variant
/// (of its runner alone where there are more of them than hues); a second one of that colour is
/// dashed and hollow.
Series contender_series(const Comparison& comparison, std::size_t contender);

/// The palette's name of that colour.
std::string contender_colour(const Comparison& comparison, std::size_t contender);

/// Width in pixels of line `rank` of `count`, drawn in this order: the later the thinner, so that
/// lines on top of each other can all be seen.
double nested_width(std::size_t rank, std::size_t count);

/// Charts with a row per contender: their height, the room on the left for the names at the ticks,
/// and the vertical axis without its ticks, row 0 on top.
int room_for(const std::vector<Tick>& ticks);
int height_of_rows(std::size_t rows);
Axis row_axis(std::size_t rows);

/// The representative rows of all contenders that have one, without the floor.
std::vector<const Row*> representatives(const Comparison& comparison);

/// "cap unlimited", or "cap unlimited where a name does not say otherwise".
std::string cap_in_words(const std::vector<const Row*>& rows);
/// "sync_serial (cap 1)": with the cap where it is not the largest of `rows`.
std::string series_name(const Comparison& comparison, const Row& row,
                        const std::vector<const Row*>& rows);
/// The line of `rows[i]` in a chart that has one for each of `rows`: named by series_name(),
/// without symbols, as wide as its rank asks for; still without points.
Series line_of(const Comparison& comparison, const std::vector<const Row*>& rows, std::size_t i);

}  // namespace atonce
