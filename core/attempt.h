#pragma once
/// What a runner is handed.

#include <cstdint>

#include "core/sample.h"
#include "core/schedule.h"

namespace atonce {

/// One request to send now.
struct Attempt {
  AttemptId id;
  std::uint32_t slot =
      0;  ///< dense index of the attempt among those in flight, below peak in flight
  const Request* request = nullptr;
  Instant due, ready, unblocked, admitted;
  Instant give_up_at = never;   ///< the runner must end the attempt at this instant
  bool deadline_first = false;  ///< `give_up_at` is the whole call's deadline, not the time-out

  /// The outcome when `give_up_at` strikes.
  Outcome give_up_outcome(bool connected) const;
  /// A sample with everything filled in that is known at hand-out.
  Sample begin_sample() const;
};

}  // namespace atonce
