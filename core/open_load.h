#pragma once
/// The arrivals of an open load, all of them before the run.

#include <cstdint>
#include <vector>

#include "core/schedule.h"

namespace atonce {

/// The shapes whose arrivals depend on a rate and the seed.
bool has_rate(LoadShape shape);

/// In order, of a load that has_rate() or is a trace. Throws std::invalid_argument when one would
/// be more than a year away.
std::vector<Arrival> open_arrivals(const Load& load, std::uint64_t seed);

}  // namespace atonce
