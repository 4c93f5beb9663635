#pragma once
/// From what a run left behind to the result of its trial.

#include <vector>

#include "bench/cpu_sampler.h"
#include "core/recorder.h"
#include "core/result.h"
#include "core/schedule.h"

namespace atonce {

/// What the run leaves behind, before anything is derived from it.
struct Played {
  Ledger ledger;
  Usage usage;
  Instant start;
  HeadRoom head_room;
  std::vector<CpuPoint> cpu;
};

/// Everything that the client alone knows of the trial, not judged yet. `steady`: sessions were due
/// at one rate throughout. The series is as fine as it was recorded.
TrialResult result_of(const TrialKey& key, const Schedule& schedule, bool steady,
                      const Played& played, const Recorder& recorder);

}  // namespace atonce
