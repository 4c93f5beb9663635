#include "bench/gate/thresholds.h"

#include <cmath>

namespace atonce::gate {
namespace {

/// Cells and errors share the chance of a false FAIL. Evidence of errors grows so fast that a small
/// share costs it little.
constexpr double share_of_errors = 0.05;
/// Share of the evidence that FAIL needs from which the control arm is believed not to have the
/// effect that was found.
constexpr double control_share = 0.2;

}  // namespace

double enough_for_fail(const Rules& rules) {
  return -std::log((1 - share_of_errors) * rules.alpha);
}

double enough_for_pass(const Rules& rules) {
  return -std::log(rules.beta);
}

double enough_errors(const Rules& rules) {
  return -std::log(share_of_errors * rules.alpha);
}

double enough_for_control_alarm(const Rules& rules) {
  return -std::log(rules.alpha / 2);  // both directions together err as often as one test
}

double enough_to_clear(const Rules& rules) {
  return enough_for_fail(rules) + std::log(control_share);
}

}  // namespace atonce::gate
