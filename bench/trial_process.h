#pragma once
/// A trial in a process of its own.

#include <functional>
#include <stop_token>

#include "bench/trial_spec.h"
#include "core/progress.h"
#include "core/result.h"

namespace atonce {

/// Plays `spec` in a child process: of this program, or of another build of it. A stop request is
/// passed on; the child then has `grace` to hand in what it has. `on_progress` is called ten times
/// a second, and once when the run is over. A child that crashes, or takes longer than `limit`,
/// gives a result that says so.
TrialResult play_in_child(const TrialSpec& spec, std::stop_token stop, Nanos limit,
                          const std::function<void(const ProgressCounts&)>& on_progress,
                          const std::string& program = "/proc/self/exe");

/// The child's side: reads a spec from standard input, plays it, reports on standard output.
/// Returns the exit code.
int play_as_child();

}  // namespace atonce
