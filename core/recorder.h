#pragma once
/// Collects what happened during a run: histograms for everything, raw samples up to a limit.

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/histogram.h"
#include "core/metrics.h"
#include "core/progress.h"
#include "core/sample.h"
#include "core/schedule.h"
#include "core/time_series.h"

namespace atonce {

/// One histogram for successes and one for failures (time-outs included).
struct MetricPair {
  Histogram ok;
  Histogram failed;
};

/// The calls of the warm-up: played and accounted for, but in no histogram.
struct WarmUpCounts {
  std::uint64_t calls = 0, calls_ok = 0, attempts = 0;
};

/// Slots under the cap, added up over time: by whoever hands them out, and from the samples. By
/// Little's law (1961) both are L times the duration, with L = lambda W on the side of the samples.
struct Occupancy {
  Nanos handed_out{}, sampled{};
};

/// Sessions whose first call was sent, by the clock of the run.
struct SentSessions {
  std::uint64_t count = 0;
  Nanos last{};  ///< after the start of the run
};

/// Told of every call as it ends, however many there are. Called where the run is recorded: what it
/// does there, every call pays for.
struct CallSink {
  virtual ~CallSink() = default;
  virtual void begin(Instant start) = 0;
  virtual void on_call(const CallRecord& call, bool warm_up) = 0;
};

/// Fed by the dispatcher only. Not thread-safe: whoever guards the dispatcher guards it too.
/// The record path does not allocate as long as `reserve` covered the raw samples.
class Recorder {
 public:
  /// Keeps at most `raw_limit` raw attempts and as many raw calls.
  explicit Recorder(std::size_t raw_limit = 1'000'000);
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  /// Allocates and touches room for `attempts` raw samples (at most the limit) and the histograms,
  /// so that recording does not move the memory figures of a run.
  void reserve(std::size_t attempts);
  /// Keeps for each raw attempt the first look after it was handed in: looks(). After reserve().
  void keep_looks();

  /// From the beginning of the run on; `sink` must outlive it.
  void pass_calls_to(CallSink& sink) { sink_ = &sink; }

  /// The run begins. Sessions of the warm-up are left out of all histograms, but not of the series.
  void begin(Instant start, const WarmUp& warm_up);
  bool is_warm_up(std::uint32_t session, Instant due) const;

  void on_attempt(const Sample& sample);
  void on_call(const CallRecord& call);
  void on_session(const SessionRecord& session);
  void on_in_flight(std::size_t in_flight);
  /// An adaptive limit is now.
  void on_limit(std::size_t limit) { slices_.on_limit(limit); }
  /// The dispatcher was asked at this instant, before it handed out anything.
  void on_look(Instant at, std::size_t in_flight);
  void on_heartbeat(const Heartbeat& beat);

  const std::vector<Sample>& attempts() const { return attempts_; }
  const std::vector<CallRecord>& calls() const { return calls_; }
  /// By raw attempt; none yet for those handed in after the last look. Stamps of an attempt that
  /// are right are not later.
  const std::vector<Instant>& looks() const { return looks_; }
  const MetricPair& metric(Metric metric) const { return metrics_[index(metric)]; }
  std::uint64_t attempt_count() const { return attempt_count_; }
  /// True when attempts beyond the limit were counted in the histograms only.
  bool raw_overflowed() const { return attempt_count_ > attempts_.size(); }
  std::uint64_t reused_connections() const { return reused_connections_; }
  std::size_t peak_in_flight() const { return peak_in_flight_; }
  /// Attempts by outcome.
  const PerOutcome<std::uint64_t>& attempt_outcomes() const { return attempt_outcomes_; }
  /// Events and tokens of all streams.
  std::uint64_t events() const { return events_; }
  std::uint64_t tokens() const { return tokens_; }
  std::uint64_t sessions_ok() const { return sessions_ok_; }
  std::uint64_t sessions_failed() const { return sessions_failed_; }
  /// Latest end of an attempt, its step included; `unset` when there was none.
  Instant last_end() const { return last_end_; }
  const WarmUpCounts& warm_up() const { return warm_up_counts_; }
  /// The earliest due time of a call that was measured; the start when there was none.
  Instant measured_from() const { return measured_from_ == never ? start_ : measured_from_; }
  const Occupancy& occupancy() const { return occupancy_; }
  const SentSessions& sent_sessions() const { return sent_sessions_; }
  TimeSeries series() const { return slices_.series(); }

  Progress& progress() { return progress_; }

 private:
  void record(Metric metric, bool ok, std::optional<Nanos> value);
  void record_times(const Sample& sample);
  void record_stream(const Sample& sample);
  /// A copy that lives as long as this recorder; empty once there is no more room.
  std::span<const Instant> keep(std::span<const Instant> arrivals);

  std::size_t raw_limit_;
  std::vector<Sample> attempts_;
  std::vector<CallRecord> calls_;
  /// Token arrivals of the raw samples, in blocks that never move.
  std::vector<std::unique_ptr<Instant[]>> arrival_blocks_;
  Instant* block_end_ = nullptr;
  std::size_t block_left_ = 0;  // before block_end_
  std::size_t arrivals_kept_ = 0;
  std::array<MetricPair, metric_count> metrics_;
  PerOutcome<std::uint64_t> attempt_outcomes_{};
  std::uint64_t attempt_count_ = 0, reused_connections_ = 0;
  std::uint64_t events_ = 0, tokens_ = 0;
  std::uint64_t sessions_ok_ = 0, sessions_failed_ = 0;
  std::size_t peak_in_flight_ = 0;
  Instant last_end_ = unset;
  Instant start_{};
  WarmUp warm_up_;
  WarmUpCounts warm_up_counts_;
  Instant measured_from_ = never;
  Occupancy occupancy_;
  Instant looked_ = unset;
  bool keeps_looks_ = false;
  std::vector<Instant> looks_;
  std::size_t held_since_look_ = 0;
  SentSessions sent_sessions_;
  SliceRecorder slices_;
  Progress progress_;
  CallSink* sink_ = nullptr;
};

}  // namespace atonce
