#pragma once
/// Work after a response, as some client programs do it.

#include "core/schedule.h"

namespace atonce {

/// Does the step on the calling thread: the thread's CPU time grows by `span`, or it sleeps for
/// that long. Returns at once when there is nothing to do.
void perform(const Step& step);

}  // namespace atonce
