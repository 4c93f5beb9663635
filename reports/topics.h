#pragma once
/// What results tell of beyond the times of single calls: the one place that decides which tables,
/// charts and sentences a report has, by what was measured and never by the name of a scenario.

#include "reports/comparison.h"

namespace atonce {

enum class Topic : unsigned char {
  sessions,  ///< of several calls
  aborts,    ///< calls abandoned because a sibling failed
  streams,   ///< responses that arrive token by token
  refusals,  ///< attempts repeated, or refused by a limit
  steps,     ///< work after a response
  pool,      ///< fewer connections than calls in flight
  omission,  ///< of calls due at given times: waits that a clock which starts at the send misses
};

/// How many times as long as the service time the response time must be to tell of omission.
inline constexpr double notably_understated = 1.5;

bool tells_of(const TrialResult& trial, Topic topic);
/// Whether any finished trial does, the floor's left out.
bool tells_of(const Comparison& comparison, Topic topic);

}  // namespace atonce
