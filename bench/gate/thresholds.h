#pragma once
/// How much evidence is enough: logarithms of a wealth, as judge.h has them.

#include "bench/gate/record.h"

namespace atonce::gate {

/// Mean over the cells that something is worse than tolerated.
double enough_for_fail(const Rules& rules);
/// Of a cell, that it is not worse by a regression.
double enough_for_pass(const Rules& rules);
/// Of an arm, that more of its calls fail than may.
double enough_errors(const Rules& rules);
/// That the baseline differs from itself, in one direction.
double enough_for_control_alarm(const Rules& rules);
/// That the control arm does not have the effect that was found.
double enough_to_clear(const Rules& rules);

}  // namespace atonce::gate
