#include "core/merge.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <tuple>

#include "core/units.h"

namespace atonce {
namespace {

auto identity(const TrialKey& key) {
  return std::tie(key.runner, key.transport, key.variant, key.cap, key.connections, key.threads,
                  key.repetition);
}

std::string describe(const TrialKey& key) {
  std::string text = key.runner;
  for (const std::string& part : {key.transport, key.variant})
    if (!part.empty()) text += "/" + part;
  return fmt::format("{} at cap {}, repetition {}", text, format_limit(key.cap), key.repetition);
}

[[noreturn]] void refuse(const std::string& why) {
  throw std::invalid_argument(why);
}

void check_same_play(const ResultSet& one, const ResultSet& other) {
  if (one.scenario_text != other.scenario_text)
    refuse(
        fmt::format("they played different scenarios ('{}', '{}')", one.scenario, other.scenario));
  if (one.time_scale != other.time_scale)
    refuse(fmt::format("their time scales differ ({}, {})", one.time_scale, other.time_scale));
  if (one.target != other.target)
    refuse(fmt::format("their targets differ ('{}', '{}')", one.target, other.target));
}

const TrialResult& counterpart(const TrialResult& trial, const ResultSet& in) {
  const auto found = std::ranges::find_if(in.trials, [&](const TrialResult& candidate) {
    return identity(candidate.key) == identity(trial.key);
  });
  if (found == in.trials.end()) refuse(fmt::format("one of them lacks {}", describe(trial.key)));
  return *found;
}

/// Of two trials with the same key, one would find no counterpart of its own.
void check_unique(const ResultSet& results) {
  for (const TrialResult& trial : results.trials)
    if (&counterpart(trial, results) != &trial)
      refuse(fmt::format("one of them has {} more than once", describe(trial.key)));
}

void check_complete(const TrialResult& trial) {
  if (trial.status == TrialStatus::crashed)
    refuse(fmt::format("{} crashed, so some of its calls are not known", describe(trial.key)));
}

/// Widths are a power of two apart, unless somebody wrote them by hand.
TimeSeries sum(TimeSeries one, TimeSeries other) {
  if (std::min(one.width, other.width) <= Nanos{} && one.width != other.width)
    refuse("one of them has no slices of time");
  while (one.width < other.width) one = halved(one);
  while (other.width < one.width) other = halved(other);
  if (one.width != other.width) refuse("their slices of time do not fit each other");
  if (one.slices.size() < other.slices.size()) std::swap(one, other);
  for (std::size_t i = 0; i < other.slices.size(); ++i)
    one.slices[i] = sum(one.slices[i], other.slices[i]);
  return one;
}

Usage sum(const Usage& one, const Usage& other) {
  return {.cpu_user = one.cpu_user + other.cpu_user,
          .cpu_system = one.cpu_system + other.cpu_system,
          .wall = std::max(one.wall, other.wall),
          .cores = one.cores + other.cores,
          .voluntary_switches = one.voluntary_switches + other.voluntary_switches,
          .involuntary_switches = one.involuntary_switches + other.involuntary_switches,
          .memory_before = one.memory_before + other.memory_before,
          .memory_peak = one.memory_peak + other.memory_peak};
}

ServerWitness sum(const ServerWitness& one, const ServerWitness& other) {
  return {.attempts = one.attempts + other.attempts,
          .peak_in_flight = one.peak_in_flight + other.peak_in_flight,
          .open_connections = one.open_connections + other.open_connections,
          .distinct_connections = one.distinct_connections + other.distinct_connections,
          .aborted = one.aborted + other.aborted,
          .faulted = one.faulted + other.faulted,
          .rate_limited = one.rate_limited + other.rate_limited,
          .retry_after_violations = one.retry_after_violations + other.retry_after_violations,
          .banned = one.banned + other.banned};
}

Arrivals sum(const Arrivals& one, const Arrivals& other) {
  return {.due = one.due + other.due,
          .sent = one.sent + other.sent,
          .last_due = std::max(one.last_due, other.last_due),
          .last_sent = std::max(one.last_sent, other.last_sent),
          .steady = one.steady && other.steady};
}

WarmUpShare sum(const WarmUpShare& one, const WarmUpShare& other) {
  return {.counts = {.calls = one.counts.calls + other.counts.calls,
                     .calls_ok = one.counts.calls_ok + other.counts.calls_ok,
                     .attempts = one.counts.attempts + other.counts.attempts},
          .until = std::min(one.until, other.until)};
}

/// Each client has files and ports of its own: the one that came nearest to its limit counts.
HeadRoom scarcer(const HeadRoom& one, const HeadRoom& other) {
  const auto& files = one.files * other.files_limit >= other.files * one.files_limit ? one : other;
  const auto& ports = one.connections * other.ports >= other.connections * one.ports ? one : other;
  return {.files = files.files,
          .files_limit = files.files_limit,
          .connections = ports.connections,
          .ports = ports.ports};
}

/// Judged by the sum; any other reason is one of a part, and stays.
constexpr std::array<std::string_view, 3> of_the_sum{"not_conserved", "server_count_mismatch",
                                                     "too_few_samples"};

Verdict verdict_of(const TrialResult& merged, const TrialResult& one, const TrialResult& other) {
  const auto is_of_the_sum = [](const VerdictReason& reason) {
    return std::ranges::find(of_the_sum, reason.code) != of_the_sum.end();
  };
  Verdict verdict;
  for (VerdictReason& reason : judge(merged).reasons)
    if (is_of_the_sum(reason)) verdict.reasons.push_back(std::move(reason));
  for (const TrialResult* part : {&one, &other})
    for (const VerdictReason& reason : part->verdict.reasons) {
      const bool known = std::ranges::any_of(verdict.reasons, [&](const VerdictReason& there) {
        return there.code == reason.code && there.message == reason.message;
      });
      if (!known && !is_of_the_sum(reason)) verdict.reasons.push_back(reason);
    }
  std::ranges::sort(verdict.reasons, {}, [](const VerdictReason& reason) {
    return std::tie(reason.code, reason.message);
  });
  return verdict;
}

void add_counts(TrialResult& sum, const TrialResult& other) {
  sum.ledger.scheduled += other.ledger.scheduled;
  sum.attempts += other.attempts;
  for (std::size_t i = 0; i < outcome_count; ++i) {
    sum.ledger.calls[i] += other.ledger.calls[i];
    sum.attempt_outcomes[i] += other.attempt_outcomes[i];
  }
  sum.sessions_ok += other.sessions_ok;
  sum.sessions_failed += other.sessions_failed;
  sum.reused_connections += other.reused_connections;
  sum.events += other.events;
  sum.tokens += other.tokens;
  sum.peak_in_flight += other.peak_in_flight;
  sum.raw_overflowed |= other.raw_overflowed;
  sum.shares_cores |= other.shares_cores;
  sum.occupancy.handed_out += other.occupancy.handed_out;
  sum.occupancy.sampled += other.occupancy.sampled;
}

TrialResult merge(const TrialResult& one, const TrialResult& other) {
  check_complete(one);
  check_complete(other);
  TrialResult merged = one;
  add_counts(merged, other);
  merged.status = std::max(one.status, other.status);
  merged.makespan = std::max(one.makespan, other.makespan);
  for (std::size_t i = 0; i < metric_count; ++i) {
    merged.metrics[i].ok.merge(other.metrics[i].ok);
    merged.metrics[i].failed.merge(other.metrics[i].failed);
  }
  merged.arrivals = sum(one.arrivals, other.arrivals);
  merged.warm_up = sum(one.warm_up, other.warm_up);
  merged.head_room = scarcer(one.head_room, other.head_room);
  merged.series = sum(one.series, other.series);
  for (TimeSlice& slice : merged.series.slices) slice.limit = 0;
  merged.usage = sum(one.usage, other.usage);
  merged.server.reset();
  if (one.server && other.server) merged.server = sum(*one.server, *other.server);
  merged.ideal_makespan.reset();
  merged.in_flight.clear();
  merged.course.clear();
  merged.lanes = {};
  merged.verdict = verdict_of(merged, one, other);
  return merged;
}

}  // namespace

ResultSet merge(const ResultSet& one, const ResultSet& other) {
  check_same_play(one, other);
  check_unique(one);
  check_unique(other);
  for (const TrialResult& trial : other.trials) counterpart(trial, one);
  ResultSet merged = one;
  merged.created = std::min(one.created, other.created);
  if (one.seed != other.seed) merged.seed = 0;
  merged.interrupted |= other.interrupted;
  merged.strict |= other.strict;
  for (TrialResult& trial : merged.trials) trial = merge(trial, counterpart(trial, other));
  return merged;
}

}  // namespace atonce
