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
  std::string variant{};  ///< of the scenario; empty where it has none
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
  std::size_t open_connections = 0;          ///< after the runner was destroyed
  std::uint64_t distinct_connections = 0;    ///< accepted during the trial
  std::uint64_t aborted = 0;                 ///< attempts whose client went away first
  std::uint64_t faulted = 0;                 ///< attempts that ended by a planned fault
  std::uint64_t rate_limited = 0;            ///< attempts refused by a rate limit
  std::uint64_t retry_after_violations = 0;  ///< came back before they were told to
  std::uint64_t banned = 0;                  ///< attempts refused by a ban
};

/// A call on the time axis of its session: everything since the session was due.
struct CallLane {
  std::uint16_t call = 0, stage = 0;
  std::uint16_t attempts = 0;
  Outcome outcome = Outcome::unfinished;
  Nanos ready{}, done{};
  std::optional<Nanos> sent;  ///< of its first attempt
};

/// Sessions drawn call by call.
struct SessionLanes {
  std::uint32_t session = 0;      ///< the one with the median session time, of those that went well
  std::vector<CallLane> example;  ///< its calls
  std::vector<CallLane> median;   ///< by call, the median of each instant over all sessions
};

/// In flight from `at` (since the start of the run) until the next point.
struct InFlightPoint {
  Nanos at{};
  std::uint32_t in_flight = 0;
};

/// How sessions were meant to come, and how their first calls were sent; from the start of the run.
/// Nothing of it is known of a closed load, in which sessions come when a slot is free.
struct Arrivals {
  std::uint64_t due = 0, sent = 0;  ///< sessions
  Nanos last_due{}, last_sent{};
  bool steady = false;  ///< at one rate throughout
};

/// What was played first and not measured.
struct WarmUpShare {
  WarmUpCounts counts;
  Nanos until{};  ///< due time of the first call that was measured; 0 without a warm-up
};

/// How near the trial's process came to what it may have.
struct HeadRoom {
  std::size_t files = 0, files_limit = 0;    ///< most open at once; 0 = not known
  std::uint64_t connections = 0, ports = 0;  ///< opened during the run; local ports there are
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
  std::uint64_t events = 0, tokens = 0;  ///< of all streams

  Nanos makespan{};                     ///< last done - start of the run
  std::optional<Nanos> ideal_makespan;  ///< greedy list scheduling of the very delays drawn
  std::size_t peak_in_flight = 0;
  std::array<MetricPair, metric_count> metrics;
  Arrivals arrivals;
  WarmUpShare warm_up;
  Occupancy occupancy;
  HeadRoom head_room;
  bool shares_cores = false;             ///< server and client may run on the same core
  std::vector<InFlightPoint> in_flight;  ///< at most a few hundred points
  std::vector<Nanos> course{};           ///< of response times under a steady load, see Drift
  TimeSeries series;                     ///< 256 slices at most, or slices of a second
  SessionLanes lanes;                    ///< empty where sessions have but one call
  Usage usage;
  std::optional<ServerWitness> server;  ///< only when the target is our mock server
  Verdict verdict;

  const MetricPair& metric(Metric metric) const { return metrics[index(metric)]; }
};

/// A call of every session, as the scenario describes it.
struct PlannedCall {
  std::string stage;    ///< name
  std::string request;  ///< "POST /llm"
};

/// Everything a report is made from.
struct ResultSet {
  std::string scenario;       ///< name
  std::string summary;        ///< one sentence: what the scenario shows
  std::string scenario_text;  ///< the YAML as it was run
  LoadShape shape = LoadShape::batch;
  std::uint64_t seed = 1;
  double time_scale = 1;
  std::vector<PlannedCall> calls{};  ///< of one session, by number
  std::string target;                ///< "mock server" or the base URL
  std::string created;               ///< UTC, RFC 3339
  bool interrupted = false;          ///< not all planned trials are in here
  bool strict = false;               ///< SUSPECT counts as a failure
  std::size_t planned_trials = 0;
  /// Machine, compiler, libraries, pinning: (name, value) in display order.
  std::vector<std::pair<std::string, std::string>> environment;
  std::vector<TrialResult> trials;
};

/// The limit of calls in flight followed the server.
bool has_adaptive_limit(const TrialResult& trial);

/// Figures derived from a trial, each in one place.
std::uint64_t calls_ok(const TrialResult& trial);
std::uint64_t calls_failed(const TrialResult& trial);        ///< scheduled, less ok
std::optional<double> efficiency(const TrialResult& trial);  ///< ideal / measured makespan
/// Ok calls per second, from the first call that was measured to the last end.
std::optional<double> throughput(const TrialResult& trial);
/// Sessions were due one after the other, by a schedule.
bool has_rate(const TrialResult& trial);
/// Share of the rate at which sessions were due that they were sent at; nothing for a batch or a
/// closed load.
std::optional<double> achieved_rate(const TrialResult& trial);
/// |L - lambda W| / L, see Occupancy; nothing when nothing was in flight.
std::optional<double> little_residual(const TrialResult& trial);
std::optional<double> token_rate(const TrialResult& trial);  ///< tokens per second of makespan
/// Attempts per call; nothing when there was no call.
std::optional<double> retry_amplification(const TrialResult& trial);
std::optional<Nanos> cpu_per_call(const TrialResult& trial);  ///< user + system, per attempt sent
/// Growth of resident memory over peak in flight; nothing below `fewest_for_memory` in flight,
/// where the fixed cost of a library would pass for the cost of a call.
inline constexpr std::size_t fewest_for_memory = 10;
std::optional<double> memory_per_call(const TrialResult& trial);

}  // namespace atonce
