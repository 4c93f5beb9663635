#pragma once
/// The matrix of trials: planned from a request, played one after the other, saved as it grows.

#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "bench/scenario.h"
#include "bench/trial_process.h"
#include "core/result.h"

namespace atonce {

/// What a person asked for on the command line.
struct ExperimentRequest {
  Scenario scenario;                    ///< caps, seed, time scale and limits already overridden
  std::vector<std::string> runners;     ///< empty = all
  std::vector<std::string> variants;    ///< empty = all that the scenario has
  std::vector<std::string> transports;  ///< empty = each runner's own default
  std::size_t threads = 0;              ///< 0 = each runner's own default
  unsigned repetitions = 1;
  bool strict = false;    ///< SUSPECT counts as a failure
  std::string url;        ///< empty = start the mock server
  std::string calls_csv;  ///< a line per call goes into this file; empty = into none
  Nanos trial_limit = std::chrono::minutes(10);
};

/// All trials, in the random order in which they are to be played. Throws std::invalid_argument,
/// which names the wrong value and the right ones.
std::vector<TrialKey> plan_trials(const ExperimentRequest& request);

/// Throws std::invalid_argument when a trial would need more open files than this process may have.
void check_head_room(const ExperimentRequest& request, const std::vector<TrialKey>& trials);

/// Told how the experiment goes on; each call comes from the thread that plays it.
struct ExperimentWatcher {
  virtual ~ExperimentWatcher() = default;
  /// One line, before the first trial: something speaks against the figures to come.
  virtual void warned(const std::string& warning) = 0;
  virtual void trial_begins(std::size_t number, std::size_t total, const TrialKey& key) = 0;
  virtual void trial_goes_on(const ProgressCounts& counts) = 0;
  virtual void trial_ends(const TrialResult& result) = 0;
};

/// Looks whether machine and target can carry the trials: throws std::invalid_argument when they
/// cannot, and keeps what it saw in the environment of the results. Then plays `trials` and calls
/// `save` with everything so far after each of them. On a stop request the trial in progress hands
/// in what it has and the rest is left out.
ResultSet play_experiment(const ExperimentRequest& request, const std::vector<TrialKey>& trials,
                          std::stop_token stop, ExperimentWatcher& watcher,
                          const std::function<void(const ResultSet&)>& save);

}  // namespace atonce
