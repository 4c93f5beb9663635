#pragma once
/// Intervals as they stand beside the figures of a trial; they are not read back.

#include <nlohmann/json.hpp>

#include "core/result.h"

namespace atonce {

/// Of throughput, and of the percentiles of successes by metric. A percentile of too few samples
/// has none.
nlohmann::ordered_json intervals_to_json(const TrialResult& trial);

}  // namespace atonce
