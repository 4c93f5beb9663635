#pragma once
/// Whether a measurement is right: what always holds for a right one, however busy the machine.

#include "bench/selfcheck/observation.h"
#include "bench/selfcheck/row.h"

namespace atonce::selfcheck {

/// Adds figures and reasons to `row`. Depends on the observation alone.
void judge(const Observation& seen, Row& row);

}  // namespace atonce::selfcheck
