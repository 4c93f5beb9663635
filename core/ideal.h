#pragma once
/// The best that any client could do with the very delays that were drawn.

#include <functional>
#include <optional>

#include "core/policy.h"
#include "core/sample.h"
#include "core/schedule.h"

namespace atonce {

/// How the server treats an attempt, in a world without a client or a network.
struct PlannedReply {
  Nanos delay{};
  Outcome outcome = Outcome::ok;
  std::uint16_t status = 200;
  RetryHints retry{};
};

/// Plays `schedule` on a virtual clock with a client that costs nothing: every attempt starts at
/// the instant it is due, unblocked and under the cap, and ends `delay` later (or at its time-out);
/// steps after responses take their span, all side by side.
/// That is greedy list scheduling (Graham 1966) in dispatch order; for a batch under a cap it is
/// what a perfect client with the same queue reaches. Returns last done - start; nothing when
/// `reply` is empty for an attempt that was needed, or when the schedule is closed by duration
/// only.
std::optional<Nanos> ideal_makespan(
    const Schedule& schedule, const Policy& policy,
    const std::function<std::optional<PlannedReply>(AttemptId)>& reply);

}  // namespace atonce
