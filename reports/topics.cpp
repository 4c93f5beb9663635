#include "reports/topics.h"

#include <algorithm>

namespace atonce {
namespace {

bool has(const TrialResult& trial, Metric metric) {
  return !trial.metric(metric).ok.empty();
}

/// Calls are due whether or not the client keeps up. In a batch all are due at once, so that most
/// wait for the cap by design.
bool has_given_times(LoadShape shape) {
  return shape != LoadShape::batch && shape != LoadShape::closed;
}

}  // namespace

bool tells_of(const TrialResult& trial, Topic topic) {
  switch (topic) {
    case Topic::sessions:
      // Of a session with a single call, sum, longest and critical path are the same.
      return !trial.lanes.median.empty();
    case Topic::aborts:
      return has(trial, Metric::abort_delay);
    case Topic::streams:
      return has(trial, Metric::ttft);
    case Topic::refusals:
      // Without a retry or a refusal there is one attempt per call, and nothing to tell.
      return trial.attempts > trial.ledger.scheduled ||
             (trial.server && trial.server->rate_limited + trial.server->banned > 0);
    case Topic::steps:
      // Every event loop has a lag, but without steps it only tells how busy the machine was.
      return has(trial, Metric::processing);
    case Topic::pool:
      // In a pool as large as the cap a call waits for no more than the making of a connection.
      return trial.key.connections < trial.key.cap && has(trial, Metric::connection_wait);
    case Topic::omission:
      return entry(Figure::understated).measure(trial).value_or(0) >= notably_understated;
  }
  return false;
}

bool tells_of(const Comparison& comparison, Topic topic) {
  if (topic == Topic::omission && !has_given_times(comparison.results->shape)) return false;
  return std::ranges::any_of(comparison.results->trials, [topic](const TrialResult& trial) {
    return trial.status == TrialStatus::finished && trial.key.runner != floor_runner &&
           tells_of(trial, topic);
  });
}

}  // namespace atonce
