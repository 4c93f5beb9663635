#pragma once
/// How many attempts were really in flight, over time.

#include <span>
#include <vector>

#include "core/result.h"
#include "core/sample.h"

namespace atonce {

/// From the attempts' sent and done stamps, relative to `start`. At most about `most` points: where
/// there are more changes, each point is the peak of its slice of time.
std::vector<InFlightPoint> in_flight_series(std::span<const Sample> attempts, Instant start,
                                            std::size_t most);

}  // namespace atonce
