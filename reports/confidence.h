#pragma once
/// What a single trial tells of how sure its figures are.

#include <optional>

#include "core/block_bootstrap.h"
#include "core/interval.h"
#include "core/result.h"
#include "reports/figures.h"

namespace atonce {

/// The 95 % intervals of one trial, which must outlive it. Percentiles of response time and
/// throughput: by resampling the run in blocks where it has a course, which a batch has not; all
/// other percentiles by ranks. Of a makespan, and of what hangs on it, a single run tells nothing.
class TrialIntervals {
 public:
  explicit TrialIntervals(const TrialResult& trial) : trial_(&trial) {}

  const TrialResult& trial() const { return *trial_; }
  std::optional<Interval> percentile(Metric metric, double p) const;
  std::optional<Interval> throughput() const;
  std::optional<Interval> of(Figure figure) const;

 private:
  const BlockBootstrap* course() const;

  const TrialResult* trial_;
  mutable std::optional<BlockBootstrap> course_;  // made when asked for
};

}  // namespace atonce
