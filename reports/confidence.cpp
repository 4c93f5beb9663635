#include "reports/confidence.h"

namespace atonce {
namespace {

/// All calls of a batch are due at once: how it went on is one event, and not many alike.
bool is_batch(const TrialResult& trial) {
  return !trial.arrivals.steady && trial.arrivals.last_due <= Nanos{0};
}

}  // namespace

const BlockBootstrap* TrialIntervals::course() const {
  if (is_batch(*trial_)) return nullptr;
  if (!course_) course_.emplace(trial_->series, trial_->warm_up.until, trial_->makespan);
  return &*course_;
}

std::optional<Interval> TrialIntervals::percentile(Metric metric, double p) const {
  if (metric == Metric::response_time && course())
    if (auto interval = course()->quantile(p)) return interval;
  return quantile_interval(trial_->metric(metric).ok, p);
}

std::optional<Interval> TrialIntervals::throughput() const {
  const auto measured = atonce::throughput(*trial_);
  if (!measured || !course()) return {};
  return course()->rate(*measured);
}

std::optional<Interval> TrialIntervals::of(Figure figure) const {
  if (figure == Figure::throughput) return throughput();
  const auto& quantile = entry(figure).quantile;
  return quantile ? percentile(quantile->metric, quantile->p) : std::nullopt;
}

}  // namespace atonce
