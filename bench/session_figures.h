#pragma once
/// Sessions call by call: how one went, how they usually went, and what they could have taken.

#include "bench/server_account.h"
#include "core/recorder.h"
#include "core/result.h"
#include "core/schedule.h"

namespace atonce {

/// Empty where sessions have but one call.
SessionLanes session_lanes(const Recorder& recorder);

/// Fills in what every session's calls would take one after the other, the longest of them, and
/// their critical path, from the delays that the server drew. Sessions of which it did not log
/// every call are left out.
void add_session_plans(TrialResult& result, const ServerAccount& account, const Schedule& schedule);

}  // namespace atonce
