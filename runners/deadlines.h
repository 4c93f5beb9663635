#pragma once
/// When attempts in flight must be given up, for runners that keep them all on one thread.

#include <cstdint>
#include <vector>

#include "core/clock.h"

namespace atonce {

/// Give-up times by slot, looked through only when the earliest one known has come: nearly all
/// attempts end long before, so setting and clearing cost a store. Not thread-safe.
class Deadlines {
 public:
  void set(std::uint32_t slot, Instant give_up_at);
  void clear(std::uint32_t slot) { by_slot_[slot] = never; }

  /// Look again at this instant; never later than the earliest give-up time.
  Instant next_look() const { return next_look_; }

  /// The slots whose time has come at `at`, cleared; moves next_look().
  std::vector<std::uint32_t> take_expired(Instant at);

 private:
  std::vector<Instant> by_slot_;
  Instant next_look_ = never;
};

}  // namespace atonce
