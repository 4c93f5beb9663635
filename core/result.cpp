#include "core/result.h"

#include <algorithm>
#include <cmath>

namespace atonce {

bool has_adaptive_limit(const TrialResult& trial) {
  const auto& slices = trial.series.slices;
  return std::ranges::any_of(slices, [](const TimeSlice& slice) { return slice.limit > 0; });
}

std::uint64_t calls_ok(const TrialResult& trial) {
  return trial.ledger.calls[index(Outcome::ok)];
}

std::uint64_t calls_failed(const TrialResult& trial) {
  return trial.ledger.scheduled - calls_ok(trial);
}

std::optional<double> efficiency(const TrialResult& trial) {
  if (trial.status != TrialStatus::finished || !trial.ideal_makespan) return {};
  if (trial.makespan <= Nanos{0}) return {};
  return static_cast<double>(trial.ideal_makespan->count()) /
         static_cast<double>(trial.makespan.count());
}

std::optional<double> throughput(const TrialResult& trial) {
  const Nanos measured = trial.makespan - trial.warm_up.until;
  if (measured <= Nanos{0}) return {};
  return static_cast<double>(calls_ok(trial) - trial.warm_up.counts.calls_ok) /
         std::chrono::duration<double>(measured).count();
}

bool has_rate(const TrialResult& trial) {
  return trial.arrivals.last_due > Nanos{0};
}

std::optional<double> achieved_rate(const TrialResult& trial) {
  const Arrivals& arrivals = trial.arrivals;
  if (!has_rate(trial) || arrivals.last_sent <= Nanos{0}) return {};
  const double sent = static_cast<double>(arrivals.sent) / static_cast<double>(arrivals.due);
  return sent * static_cast<double>(arrivals.last_due.count()) /
         static_cast<double>(std::max(arrivals.last_due, arrivals.last_sent).count());
}

std::optional<double> little_residual(const TrialResult& trial) {
  const auto [handed_out, sampled] = trial.occupancy;
  if (handed_out <= Nanos{0}) return {};
  return std::abs(static_cast<double>((handed_out - sampled).count())) /
         static_cast<double>(handed_out.count());
}

std::optional<double> token_rate(const TrialResult& trial) {
  if (trial.tokens == 0 || trial.makespan <= Nanos{0}) return {};
  return static_cast<double>(trial.tokens) / std::chrono::duration<double>(trial.makespan).count();
}

std::optional<double> retry_amplification(const TrialResult& trial) {
  if (trial.ledger.scheduled == 0) return {};
  return static_cast<double>(trial.attempts) / static_cast<double>(trial.ledger.scheduled);
}

std::optional<Nanos> cpu_per_call(const TrialResult& trial) {
  if (trial.attempts == 0) return {};
  return (trial.usage.cpu_user + trial.usage.cpu_system) /
         static_cast<std::int64_t>(trial.attempts);
}

std::optional<double> memory_per_call(const TrialResult& trial) {
  const Usage& usage = trial.usage;
  if (trial.peak_in_flight < fewest_for_memory || usage.memory_peak < usage.memory_before)
    return {};
  return static_cast<double>(usage.memory_peak - usage.memory_before) /
         static_cast<double>(trial.peak_in_flight);
}

}  // namespace atonce
