#pragma once
/// How response times went over a run.

#include <vector>

#include "core/recorder.h"

namespace atonce {

/// Median response times of course_parts equal parts of the measured calls that ended well, in
/// order of their sessions' due times. By the time of their end, slow calls would be missing from
/// the first part and be all of the last. Empty where there are fewer than five calls for a part.
std::vector<Nanos> course_of(const Recorder& recorder);

}  // namespace atonce
