#include "bench/server_account.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <thread>

#include "bench/http_get.h"
#include "core/ideal.h"
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

ServerWitness witness_of(const mock::TruthSummary& summary) {
  return {.attempts = summary.attempts,
          .peak_in_flight = summary.peak_in_flight,
          .open_connections = summary.open_connections,
          .distinct_connections = summary.distinct_connections,
          .aborted = summary.aborted,
          .faulted = summary.faulted,
          .rate_limited = summary.rate_limited,
          .retry_after_violations = summary.retry_after_violations,
          .banned = summary.banned};
}

/// By session: when the first of its calls failed by itself.
using FailureTimes = std::unordered_map<std::uint32_t, Instant>;

FailureTimes first_failures(std::span<const CallRecord> calls) {
  FailureTimes failures;
  for (const CallRecord& call : calls) {
    if (call.outcome == Outcome::ok || call.outcome == Outcome::cancelled) continue;
    const auto [place, added] = failures.emplace(call.session, call.done);
    if (!added) place->second = std::min(place->second, call.done);
  }
  return failures;
}

void record(TrialResult& result, Metric metric, bool ok, std::optional<Nanos> value) {
  MetricPair& pair = result.metrics[index(metric)];
  if (value) (ok ? pair.ok : pair.failed).record(*value);
}

void compare_tokens(TrialResult& result, const Sample& sample, const mock::AttemptTruth& truth) {
  // An answer of several choices brings several events for each write.
  const bool is_whole = sample.outcome == Outcome::ok;
  if (is_whole && sample.token_arrivals.size() != truth.token_writes.size()) return;
  const std::size_t both = std::min(sample.token_arrivals.size(), truth.token_writes.size());
  for (std::size_t i = 0; i < both; ++i)
    record(result, Metric::token_delivery, is_whole,
           token_delivery(sample.token_arrivals[i], truth.token_writes[i]));
}

void compare_times(TrialResult& result, const Sample& sample, const mock::AttemptTruth& truth) {
  const ServerHold hold{
      .planned = truth.planned, .arrived = truth.arrived, .last_write = truth.last_write};
  const bool ok = sample.outcome == Outcome::ok;
  record(result, Metric::client_overhead, ok, client_overhead(sample.at, hold));
  record(result, Metric::server_lateness, ok, server_lateness(hold));
}

}  // namespace

void reset_server(const std::string& url, std::uint64_t seed, double time_scale) {
  http_post(fmt::format("{}/_atonce/reset?seed={}&time_scale={}", url, seed, time_scale));
}

void reset_account(const std::string& url, std::uint64_t seed) {
  http_post(fmt::format("{}/_atonce/reset?seed={}&course=keep", url, seed));
}

void wait_until_quiet(const std::string& url) {
  read_summary_when_quiet(url);
}

ServerAccount read_server_account(const std::string& url) {
  ServerAccount account{.summary = read_summary_when_quiet(url), .attempts = {}};
  const auto attempts = mock::parse_truth(http_get(url + "/_atonce/truth"));
  account.attempts.reserve(attempts.size());
  for (const mock::AttemptTruth& attempt : attempts)
    account.attempts.emplace(attempt.id.packed(), attempt);
  return account;
}

void compare_with_server(TrialResult& result, const Recorder& recorder,
                         const ServerAccount& account) {
  result.server = witness_of(account.summary);
  const FailureTimes failures = first_failures(recorder.calls());
  for (const Sample& sample : recorder.attempts()) {
    if (recorder.is_warm_up(sample.id.session, sample.at.due)) continue;
    const auto found = account.attempts.find(sample.id.packed());
    if (found == account.attempts.end()) continue;
    const mock::AttemptTruth& truth = found->second;
    compare_tokens(result, sample, truth);
    // A part of an answer says nothing about the hold that was planned.
    const bool was_answered = truth.last_write != unset && truth.closed == unset;
    if (was_answered) compare_times(result, sample, truth);
    if (sample.outcome != Outcome::cancelled) continue;
    const auto failure = failures.find(sample.id.session);
    if (failure == failures.end()) continue;
    record(result, Metric::abort_delay, true, abort_delay(failure->second, truth.closed));
  }
}

std::optional<PlannedReply> planned_reply(const mock::AttemptTruth& truth, const Sample& sample) {
  const bool stalled = truth.fault == mock::FaultKind::stall;
  if (stalled && sample.outcome == Outcome::read_timeout)
    return PlannedReply{.delay = unlimited_time, .outcome = Outcome::read_timeout, .status = 0};
  const bool own_doing = sample.outcome == Outcome::ok || sample.outcome >= Outcome::read_timeout;
  if (!own_doing)
    return PlannedReply{.delay = stalled ? truth.closed - truth.arrived : truth.planned,
                        .outcome = sample.outcome,
                        .status = sample.status,
                        .retry = sample.retry};
  if (truth.fault != mock::FaultKind::none && truth.status == 0) return {};
  // One that the client did not wait for has no status yet; most would have been good.
  const std::uint16_t status = truth.status == 0 ? std::uint16_t{200} : truth.status;
  return PlannedReply{
      .delay = truth.planned, .outcome = outcome_of_status(status), .status = status};
}

std::optional<Nanos> ideal_from(const ServerAccount& account, const Recorder& recorder,
                                const Schedule& schedule, const Policy& policy) {
  const mock::TruthSummary& summary = account.summary;
  if (summary.rate_limited + summary.banned + summary.frozen > 0) return {};
  std::unordered_map<std::uint64_t, const Sample*> samples;
  for (const Sample& sample : recorder.attempts()) samples.emplace(sample.id.packed(), &sample);
  return ideal_makespan(schedule, policy, [&](AttemptId id) -> std::optional<PlannedReply> {
    const auto truth = account.attempts.find(id.packed());
    const auto sample = samples.find(id.packed());
    if (truth == account.attempts.end() || sample == samples.end()) return {};
    return planned_reply(truth->second, *sample->second);
  });
}

}  // namespace atonce
