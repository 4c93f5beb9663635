#pragma once
/// One trial, played in this process.

#include <functional>
#include <stop_token>
#include <thread>

#include "bench/trial_spec.h"
#include "core/recorder.h"
#include "core/result.h"

namespace atonce {

/// Plays the trial and measures it. `watch` is called once, before the run, with the counters of
/// the run; the thread that it returns may read them until it is asked to stop. Throws
/// std::exception when the trial cannot be set up or the mock server's account of it cannot be had.
TrialResult play(const TrialSpec& spec, std::stop_token stop,
                 const std::function<std::jthread(const Progress&)>& watch);

/// Most calls that could ever be in flight.
std::size_t most_parallel(const Schedule& schedule, std::size_t cap);

}  // namespace atonce
