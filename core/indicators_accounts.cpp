#include <fmt/format.h>

#include <initializer_list>

#include "core/indicators.h"

namespace atonce::indicators {
namespace {

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

}  // namespace

Doubt interrupted(const TrialResult& trial) {
  if (trial.status != TrialStatus::interrupted) return {};
  return VerdictReason{VerdictLevel::suspect, "interrupted", "stopped before it was complete"};
}

Doubt not_conserved(const TrialResult& trial) {
  if (trial.ledger.conserved()) return {};
  return VerdictReason{VerdictLevel::invalid, "not_conserved",
                       fmt::format("{} calls were scheduled, but {} are accounted for",
                                   trial.ledger.scheduled, trial.ledger.accounted())};
}

Doubt server_count_mismatch(const TrialResult& trial) {
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

Doubt server_peak_above_cap(const TrialResult& trial) {
  if (!trial.server || trial.key.cap == unlimited) return {};
  const std::size_t peak = trial.server->peak_in_flight;
  if (peak <= trial.key.cap + abandoned(trial)) return {};
  return VerdictReason{
      VerdictLevel::invalid, "server_peak_above_cap",
      fmt::format("the server saw {} attempts in flight under a cap of {}", peak, trial.key.cap)};
}

Doubt connections_left_open(const TrialResult& trial) {
  if (!trial.server || trial.server->open_connections == 0) return {};
  return VerdictReason{VerdictLevel::suspect, "connections_left_open",
                       fmt::format("{} connections were still open after the runner was gone",
                                   trial.server->open_connections)};
}

}  // namespace atonce::indicators
