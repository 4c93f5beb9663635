#pragma once
/// The search: a few short probes to find where the boundary is, then verdicts on both sides of it.

#include <functional>

#include "bench/tune/tuning.h"

namespace atonce::tune {

/// Told how the search goes on.
struct Watcher {
  virtual ~Watcher() = default;
  virtual void probe_begins(const Tuning& so_far, const ProbeOrder& order) = 0;
  virtual void probe_ended(const Tuning& so_far) = 0;
};

/// Pure but for what `target` does. Ends when both sides are proved, the budget is used up, or
/// `target` was stopped; what is known by then is in the result.
///
/// "Meets" above the boundary and "misses" below it are wrong with probability rules.error / 2
/// each, over all levels and looks, so that the interval of the boundary holds it with 1 -
/// rules.error: if the share of bad calls rises with the level, and blocks are independent of each
/// other.
Tuning tune(const Rules& rules, Target& target, Watcher& watcher);

}  // namespace atonce::tune
