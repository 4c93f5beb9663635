#include "bench/server_account.h"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "bench/http_get.h"
#include "core/metrics.h"

namespace atonce {
namespace {

mock::TruthSummary read_summary(const std::string& url) {
  return mock::parse_summary(http_get(url + "/_atonce/summary"));
}

/// A closed connection is noticed by the server a moment after the client has gone.
mock::TruthSummary read_summary_when_quiet(const std::string& url) {
  const Instant until = now() + std::chrono::seconds(1);
  for (;;) {
    auto summary = read_summary(url);
    if (summary.open_connections == 0 || now() >= until) return summary;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

}  // namespace

void reset_server(const std::string& url, std::uint64_t seed, double time_scale) {
  http_post(fmt::format("{}/_atonce/reset?seed={}&time_scale={}", url, seed, time_scale));
}

ServerAccount read_server_account(const std::string& url) {
  ServerAccount account{.summary = read_summary_when_quiet(url), .attempts = {}};
  const auto attempts = mock::parse_truth(http_get(url + "/_atonce/truth"));
  account.attempts.reserve(attempts.size());
  for (const mock::AttemptTruth& attempt : attempts)
    account.attempts.emplace(attempt.id.packed(), attempt);
  return account;
}

void compare_with_server(TrialResult& result, std::span<const Sample> attempts,
                         const ServerAccount& account) {
  result.server = ServerWitness{.attempts = account.summary.attempts,
                                .peak_in_flight = account.summary.peak_in_flight,
                                .open_connections = account.summary.open_connections,
                                .distinct_connections = account.summary.distinct_connections};
  auto& overhead = result.metrics[index(Metric::client_overhead)];
  auto& lateness = result.metrics[index(Metric::server_lateness)];
  for (const Sample& sample : attempts) {
    const auto found = account.attempts.find(sample.id.packed());
    if (found == account.attempts.end() || found->second.last_write == unset) continue;
    const mock::AttemptTruth& truth = found->second;
    const ServerHold hold{
        .planned = truth.planned, .arrived = truth.arrived, .last_write = truth.last_write};
    const bool ok = sample.outcome == Outcome::ok;
    const auto added = client_overhead(sample.at, hold);
    if (added) (ok ? overhead.ok : overhead.failed).record(*added);
    (ok ? lateness.ok : lateness.failed).record(server_lateness(hold));
  }
}

std::optional<PlannedReply> planned_reply(const mock::AttemptTruth& truth, const Policy& policy) {
  const auto without_answer = [](Nanos delay, Outcome outcome) {
    return PlannedReply{.delay = delay, .outcome = outcome, .status = 0};
  };
  switch (truth.fault) {
    case mock::FaultKind::none:
    case mock::FaultKind::status:
      break;
    case mock::FaultKind::reset:
    case mock::FaultKind::banned:
      return without_answer(truth.planned, Outcome::reset);
    case mock::FaultKind::close:
      return without_answer(truth.planned, Outcome::closed_early);
    case mock::FaultKind::stall: {
      if (truth.connection_end == mock::ConnectionEnd::closed) {
        return without_answer(truth.closed - truth.arrived, Outcome::closed_early);
      }
      const bool gives_up = std::min(policy.attempt_timeout, policy.call_deadline) < unlimited_time;
      if (!gives_up) return {};
      return without_answer(unlimited_time, Outcome::read_timeout);
    }
  }
  return PlannedReply{
      .delay = truth.planned, .outcome = outcome_of_status(truth.status), .status = truth.status};
}

std::optional<Nanos> ideal_from(const ServerAccount& account, const Schedule& schedule,
                                const Policy& policy) {
  return ideal_makespan(schedule, policy, [&](AttemptId id) -> std::optional<PlannedReply> {
    const auto found = account.attempts.find(id.packed());
    if (found == account.attempts.end()) return {};
    return planned_reply(found->second, policy);
  });
}

}  // namespace atonce
