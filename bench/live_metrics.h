#pragma once
/// How an experiment goes on, as Prometheus reads it.

#include <cstddef>
#include <mutex>
#include <string>
#include <vector>

#include "bench/experiment.h"

namespace atonce {

/// Watches an experiment, passes on what it hears, and keeps the last counts of every trial.
/// page() may be called by any thread.
class LiveMetrics final : public ExperimentWatcher {
 public:
  /// Trials whose counts are kept; the oldest go first.
  static constexpr std::size_t most_series = 200;

  LiveMetrics(std::string scenario, ExperimentWatcher& next)
      : scenario_(std::move(scenario)), next_(next) {}

  void warned(const std::string& warning) override { next_.warned(warning); }
  void trial_begins(std::size_t number, std::size_t total, const TrialKey& key) override;
  void trial_goes_on(const ProgressCounts& counts) override;
  void trial_ends(const TrialResult& result) override;

  /// Text format 0.0.4. docs/live.md describes the metrics.
  std::string page() const;

 private:
  struct Series {
    std::string labels;  // without the braces
    ProgressCounts counts;
  };
  struct State {
    std::size_t number = 0, total = 0;
    std::vector<Series> series;
  };

  const std::string scenario_;
  ExperimentWatcher& next_;
  mutable std::mutex mutex_;
  State state_;
};

}  // namespace atonce
