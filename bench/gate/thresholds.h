#pragma once
/// How much evidence is enough: logarithms of a wealth, as judge.h has them.

#include "bench/gate/record.h"

namespace atonce::gate {

/// What `alpha` and `beta` may be. Up to there a FAIL always takes control pairs: without any their
/// evidence is 0, and enough_to_clear() is more.
inline constexpr double least_error_rate = 1e-6, most_error_rate = 0.1;

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
