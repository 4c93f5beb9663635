#pragma once
/// A real server as a target of the tuner: each probe is a trial in a process of its own.

#include <functional>
#include <optional>
#include <stop_token>
#include <string>

#include "bench/scenario.h"
#include "bench/server_process.h"
#include "bench/trial_spec.h"
#include "bench/tune/objective.h"
#include "bench/tune/proposal.h"

namespace atonce::tune {

struct LiveRequest {
  Scenario scenario;
  std::string runner, transport, variant;
  std::string url;  ///< empty = start the mock server
  Vary vary = Vary::cap;
  std::size_t cap = 1;          ///< where something else is varied
  std::size_t connections = 0;  ///< 0 = the scenario's, else as many as the cap
  std::size_t threads = 0;      ///< 0 = the runner's default
  std::vector<Slo> slos{};
};

class LiveTarget : public Target {
 public:
  /// `on_progress` is told ten times a second how many calls have ended.
  LiveTarget(LiveRequest request, std::stop_token stop,
             std::function<void(std::uint64_t)> on_progress);

  Probe probe(const ProbeOrder& order) override;
  Seconds elapsed() const override { return now() - start_; }
  Seconds overhead() const override { return overhead_; }
  bool stopped() const override { return stop_.stop_requested(); }

 private:
  TrialSpec spec_of(const ProbeOrder& order) const;

  LiveRequest request_;
  std::stop_token stop_;
  std::function<void(std::uint64_t)> on_progress_;
  std::optional<ServerProcess> server_;  // one for all probes: what it becomes, it stays
  const Instant start_;
  unsigned probes_ = 0;
  double most_rate_ = 0;  // sessions per second that were seen
  Seconds overhead_{0.5};
};

/// How many a probe of that length makes room for: at `rate` per second, or, under a closed load
/// (0), after `most_seen` of them per second.
std::uint64_t room_for_sessions(double rate, double most_seen, Seconds span);

/// The blocks of a trial's series behind its warm-up, and the rest of what a probe tells.
Probe probe_of(const TrialResult& result, const ProbeOrder& order, const std::vector<Slo>& slos);

}  // namespace atonce::tune
