#include "reports/topics.h"

#include <algorithm>

namespace atonce {
namespace {

bool has(const TrialResult& trial, Metric metric) {
  return !trial.metric(metric).ok.empty();
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
  }
  return false;
}

bool tells_of(const Comparison& comparison, Topic topic) {
  return std::ranges::any_of(comparison.results->trials, [topic](const TrialResult& trial) {
    return trial.status == TrialStatus::finished && trial.key.runner != floor_runner &&
           tells_of(trial, topic);
  });
}

}  // namespace atonce
