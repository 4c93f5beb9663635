#pragma once
/// Whether figures of another run may be compared with those of this one.

#include "bench/gate/record.h"

namespace atonce::gate {

struct JobRequest;

/// What figures depend on: (name, value).
Facts fingerprint(const JobRequest& request);

/// The keys whose values differ, or that only one side has, with both values.
Facts differing(const Facts& stored, const Facts& here);

enum class Likeness : unsigned char {
  exact,       ///< everything is the same: this very machine, since it was last started
  compatible,  ///< the same work on the same kind of machine, but another boot, kernel or versions
  foreign,     ///< another machine or other work: not comparable
};
Likeness likeness(const Facts& differing);

}  // namespace atonce::gate
