#pragma once
/// The step after a response, in place.

#include "core/sample.h"
#include "core/step.h"

namespace atonce {

/// Whether this sample's response asks for its step.
inline bool wants_step(const Step& step, const Sample& sample) {
  return step.kind != Step::Kind::none && sample.outcome == Outcome::ok;
}

inline void take_step(const Step& step, Sample& sample) {
  if (!wants_step(step, sample)) return;
  perform(step);
  sample.at.processed = now();
}

}  // namespace atonce
