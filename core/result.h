#pragma once
/// What one trial measured, and a set of trials: the values between running and reporting.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/ledger.h"
#include "core/metrics.h"
#include "core/policy.h"
#include "core/recorder.h"
#include "core/schedule.h"
#include "core/verdict.h"

namespace atonce {

/// Which contender, under which limits.
struct TrialKey {
  std::string runner;     ///< registered name, for example "curl_multi"
  std::string transport;  ///< "cpp-httplib", "curl-easy", ...; empty where the runner has only one
  std::size_t cap = 1;    ///< `unlimited` for no cap
  std::size_t connections = 1;  ///< pool limit; `unlimited` for none
  std::size_t threads = 1;      ///< threads that carry calls
  unsigned repetition = 0;
};

/// The trial process's own accounting, from just before the first due time to after the last done.
struct Usage {
  Nanos cpu_user{}, cpu_system{};
  Nanos wall{};
  std::size_t cores = 1;  ///< on which the trial process was allowed to run
  std::uint64_t voluntary_switches = 0, involuntary_switches = 0;
  std::uint64_t memory_before = 0;  ///< resident bytes before the runner was made
  std::uint64_t memory_peak = 0;    ///< largest resident bytes until the run was over
};

/// The mock server's account of the same trial.
struct ServerWitness {
  std::uint64_t attempts = 0;  ///< requests with an id that arrived
  std::size_t peak_in_flight = 0;
  std::size_t open_connections = 0;        ///< after the runner was destroyed
  std::uint64_t distinct_connections = 0;  ///< accepted during the trial
};

/// In flight from `at` (since the start of the run) until the next point.
struct InFlightPoint {
  Nanos at{};
  std::uint32_t in_flight = 0;
};

enum class TrialStatus : unsigned char { finished, interrupted, crashed };

struct TrialResult {
  TrialKey key;
  TrialStatus status = TrialStatus::finished;
  std::string error;  ///< why it crashed or could not start; else empty

  Ledger ledger;  ///< calls
  std::uint64_t attempts = 0;
  PerOutcome<std::uint64_t> attempt_outcomes{};
  std::uint64_t sessions_ok = 0, sessions_failed = 0;
  std::uint64_t reused_connections = 0;  ///< attempts that found an open connection
  bool raw_overflowed = false;           ///< more attempts than raw samples were kept

  Nanos makespan{};                     ///< last done - start of the run
  std::optional<Nanos> ideal_makespan;  ///< greedy list scheduling of the very delays drawn
  std::size_t peak_in_flight = 0;
  std::array<MetricPair, metric_count> metrics;
  std::vector<InFlightPoint> in_flight;  ///< at most a few hundred points
  Usage usage;
  std::optional<ServerWitness> server;  ///< only when the target is our mock server
  Verdict verdict;

  const MetricPair& metric(Metric metric) const { return metrics[index(metric)]; }
};

/// Everything a report is made from.
struct ResultSet {
  std::string scenario;       ///< name
  std::string summary;        ///< one sentence: what the scenario shows
  std::string scenario_text;  ///< the YAML as it was run
  LoadShape shape = LoadShape::batch;
  std::uint64_t seed = 1;
  double time_scale = 1;
  std::string target;        ///< "mock server" or the base URL
  std::string created;       ///< UTC, RFC 3339
  bool interrupted = false;  ///< not all planned trials are in here
  std::size_t planned_trials = 0;
  /// Machine, compiler, libraries, pinning: (name, value) in display order.
  std::vector<std::pair<std::string, std::string>> environment;
  std::vector<TrialResult> trials;
};

/// Figures derived from a trial, each in one place.
std::uint64_t calls_ok(const TrialResult& trial);
std::uint64_t calls_failed(const TrialResult& trial);         ///< scheduled, less ok
std::optional<double> efficiency(const TrialResult& trial);   ///< ideal / measured makespan
std::optional<double> throughput(const TrialResult& trial);   ///< ok calls per second of makespan
std::optional<Nanos> cpu_per_call(const TrialResult& trial);  ///< user + system, per attempt sent
/// Growth of resident memory over peak in flight; nothing below `fewest_for_memory` in flight,
/// where the fixed cost of a library would pass for the cost of a call.
inline constexpr std::size_t fewest_for_memory = 10;
std::optional<double> memory_per_call(const TrialResult& trial);

}  // namespace atonce
