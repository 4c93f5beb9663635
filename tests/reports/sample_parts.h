#pragma once
/// What the hand-made result sets are put together from.

#include <chrono>
#include <cstdint>

#include "core/result.h"

namespace atonce {

/// In [0, 1), the same for the same arguments.
double sample_draw(std::uint64_t id, std::uint64_t stream);
Nanos from_ms(double value);
void record(TrialResult& trial, Metric metric, Nanos value);

/// A set without trials.
ResultSet sample_header(const char* scenario, const char* summary);
/// What every finished trial has.
TrialResult bare_trial(TrialKey key, std::uint64_t calls, Nanos makespan);
/// The times of a call of one attempt.
void record_call(TrialResult& trial, Nanos response, std::uint64_t id);

/// Three trials, by make_trial(repetition).
template <class MakeTrial>
void add_repetitions(ResultSet& results, MakeTrial make_trial) {
  for (unsigned repetition = 0; repetition < 3; ++repetition)
    results.trials.push_back(make_trial(repetition));
  results.planned_trials = results.trials.size();
}

}  // namespace atonce
