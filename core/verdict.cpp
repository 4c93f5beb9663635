#include "core/verdict.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <optional>

#include "core/result.h"
#include "core/units.h"

namespace atonce {
namespace {

using Finding = std::optional<VerdictReason>;

constexpr double busy_core = 0.95;
constexpr Nanos shortest_for_cpu = std::chrono::milliseconds(100);
constexpr Nanos least_lag_budget = std::chrono::milliseconds(1);

std::uint64_t attempts_ended(const TrialResult& trial, std::initializer_list<Outcome> outcomes) {
  std::uint64_t sum = 0;
  for (const Outcome outcome : outcomes) sum += trial.attempt_outcomes[index(outcome)];
  return sum;
}

/// Ended by the client while the server may still have been at work on them.
std::uint64_t abandoned(const TrialResult& trial) {
  return attempts_ended(trial, {Outcome::read_timeout, Outcome::worker_lost, Outcome::deadline,
                                Outcome::cancelled, Outcome::unfinished});
}

Finding interrupted(const TrialResult& trial) {
  if (trial.status != TrialStatus::interrupted) return {};
  return VerdictReason{VerdictLevel::suspect, "interrupted", "stopped before it was complete"};
}

Finding not_conserved(const TrialResult& trial) {
  if (trial.ledger.conserved()) return {};
  return VerdictReason{VerdictLevel::invalid, "not_conserved",
                       fmt::format("{} calls were scheduled, but {} are accounted for",
                                   trial.ledger.scheduled, trial.ledger.accounted())};
}

Finding server_count_mismatch(const TrialResult& trial) {
  if (!trial.server || trial.status != TrialStatus::finished) return {};
  const std::uint64_t never_arrived =
      attempts_ended(trial, {Outcome::connect_refused, Outcome::connect_timeout, Outcome::dns,
                             Outcome::tls, Outcome::shed});
  const std::uint64_t may_have_arrived =
      abandoned(trial) + attempts_ended(trial, {Outcome::reset, Outcome::closed_early});
  const std::uint64_t most = trial.attempts - never_arrived;
  const std::uint64_t least = most - may_have_arrived;
  const std::uint64_t seen = trial.server->attempts;
  if (least <= seen && seen <= most) return {};
  return VerdictReason{
      VerdictLevel::invalid, "server_count_mismatch",
      fmt::format("the server saw {} attempts, the client made {}", seen,
                  least == most ? fmt::to_string(most) : fmt::format("{} to {}", least, most))};
}

Finding server_peak_above_cap(const TrialResult& trial) {
  if (!trial.server || trial.key.cap == unlimited) return {};
  const std::size_t peak = trial.server->peak_in_flight;
  if (peak <= trial.key.cap + abandoned(trial)) return {};
  return VerdictReason{
      VerdictLevel::invalid, "server_peak_above_cap",
      fmt::format("the server saw {} attempts in flight under a cap of {}", peak, trial.key.cap)};
}

Finding connections_left_open(const TrialResult& trial) {
  if (!trial.server || trial.server->open_connections == 0) return {};
  return VerdictReason{VerdictLevel::suspect, "connections_left_open",
                       fmt::format("{} connections were still open after the runner was gone",
                                   trial.server->open_connections)};
}

Finding client_cpu_saturated(const TrialResult& trial) {
  const Usage& usage = trial.usage;
  if (trial.key.runner == "null" || usage.wall < shortest_for_cpu) return {};
  const double busy_cores = static_cast<double>((usage.cpu_user + usage.cpu_system).count()) /
                            static_cast<double>(usage.wall.count());
  const std::size_t usable = std::max<std::size_t>(1, std::min(trial.key.threads, usage.cores));
  if (busy_cores <= busy_core * static_cast<double>(usable)) return {};
  return VerdictReason{
      VerdictLevel::suspect, "client_cpu_saturated",
      fmt::format("the client used {:.2f} of the {} cores it could use", busy_cores, usable)};
}

/// Every thread carried one call and the cap would have allowed more: then attempts wait for a
/// thread, which is the model's own limit and not a flaw of the measurement.
bool short_of_threads(const TrialResult& trial) {
  return trial.peak_in_flight == trial.key.threads && trial.key.threads < trial.key.cap;
}

Finding send_lag_high(const TrialResult& trial) {
  if (short_of_threads(trial)) return {};
  const Nanos lag = trial.metric(Metric::send_lag).ok.quantile(0.99);
  const Nanos typical = trial.metric(Metric::service_time).ok.quantile(0.5);
  const Nanos budget = std::max(least_lag_budget, typical / 20);
  if (lag <= budget) return {};
  return VerdictReason{VerdictLevel::suspect, "send_lag_high",
                       fmt::format("1 % of the attempts were sent {} late or more (budget {})",
                                   format_duration(lag), format_duration(budget))};
}

constexpr std::array checks{interrupted,           not_conserved,         server_count_mismatch,
                            server_peak_above_cap, connections_left_open, client_cpu_saturated,
                            send_lag_high};

}  // namespace

std::string_view name(VerdictLevel level) {
  static constexpr std::array<std::string_view, 3> names{"VALID", "SUSPECT", "INVALID"};
  return names[static_cast<std::size_t>(level)];
}

VerdictLevel Verdict::level() const {
  VerdictLevel worst = VerdictLevel::valid;
  for (const VerdictReason& reason : reasons) worst = std::max(worst, reason.level);
  return worst;
}

Verdict judge(const TrialResult& trial) {
  if (trial.status == TrialStatus::crashed)
    return {{{VerdictLevel::invalid, "crashed", trial.error}}};
  Verdict verdict;
  for (const auto check : checks)
    if (auto reason = check(trial)) verdict.reasons.push_back(std::move(*reason));
  return verdict;
}

}  // namespace atonce
