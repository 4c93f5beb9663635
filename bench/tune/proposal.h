#pragma once
/// Where to look next. Proposals only choose probes; they never pronounce a verdict.

#include <cstddef>

#include "bench/tune/curve.h"

namespace atonce::tune {

/// What a level is a number of.
enum class Vary : unsigned char { cap, rate, connections, threads };
/// "cap", "rate", "connections", "threads".
std::string_view name(Vary vary);
/// Throws std::invalid_argument, with the names there are.
Vary vary_named(std::string_view name);

struct Range {
  std::size_t low = 1, high = 1000;
};

/// Where the boundary is likely to be: the highest level that meets all objectives.
struct Guess {
  double level = 1;
  bool is_near = false;  ///< what was probed is close enough for verdicts
};

/// By Little's law a server that is saturated answers in N/X - Z, so that its response times grow
/// by 1/X for each further call at once: N + X (L - q) is where the quantile q reaches the limit L.
/// Below saturation X is still smaller than it will be, so that the step is too short rather than
/// too long. A rate of arrivals is no number of calls at once: there, and where no latency is
/// limited, it is doubled. Between a good and a bad level the logarithm of the share of bad calls
/// is interpolated over the logarithm of the level, where both have some.
Guess guess_boundary(const Curve& curve, Vary vary, const Range& range);

/// How steeply ln(share) rises over ln(level) around the boundary.
double steepness(const Curve& curve);

/// How far beside the boundary a level should be, as a share of it, so that so many seconds of
/// blocks are likely to tell it apart.
double telling_offset(const Curve& curve, double boundary, Seconds measured);
/// How long a level has to be measured until it is likely to be told apart.
Seconds seconds_to_tell(const Curve& curve, std::size_t level);

}  // namespace atonce::tune
