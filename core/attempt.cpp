#include "core/attempt.h"

namespace atonce {

Outcome Attempt::give_up_outcome(bool connected) const {
  if (deadline_first) return Outcome::deadline;
  return connected ? Outcome::read_timeout : Outcome::connect_timeout;
}

Sample Attempt::begin_sample() const {
  Sample sample;
  sample.id = id;
  sample.slot = slot;
  sample.at.due = due;
  sample.at.ready = ready;
  sample.at.unblocked = unblocked;
  sample.at.admitted = admitted;
  return sample;
}

}  // namespace atonce
