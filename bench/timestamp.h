#pragma once
/// Points in time as traces write them.

#include <string_view>

#include "core/clock.h"

namespace atonce {

struct Timestamp {
  Nanos since_zero{};  ///< since 0, or since 1970 for a date; digits beyond nanoseconds are cut
  bool is_date_time = false;  ///< not a number of seconds
};

/// "12.5" (seconds), "2023-11-16 18:17:03.9799600", "2023-11-16T18:17:03Z" or with "+01:00":
/// without a zone the time is UTC. Throws std::invalid_argument with a sentence that shows what is
/// expected.
Timestamp parse_timestamp(std::string_view text);

}  // namespace atonce
