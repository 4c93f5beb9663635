#pragma once
/// What a person sees while an experiment runs.

#include <cstdio>

#include "bench/experiment.h"
#include "bench/progress_line.h"

namespace atonce {

/// One line that is rewritten on a terminal; one line per trial elsewhere.
class ProgressDisplay : public ExperimentWatcher {
 public:
  ProgressDisplay(std::FILE* out, bool on_terminal) : line_(out, on_terminal) {}

  void warned(const std::string& warning) override;
  void trial_begins(std::size_t number, std::size_t total, const TrialKey& key) override;
  void trial_goes_on(const ProgressCounts& counts) override;
  void trial_ends(const TrialResult& result) override;

 private:
  ProgressLine line_;
  Instant last_seen_ = unset;
  std::uint64_t last_done_ = 0;
};

/// Says nothing.
class NoDisplay : public ExperimentWatcher {
 public:
  void warned(const std::string&) override {}
  void trial_begins(std::size_t, std::size_t, const TrialKey&) override {}
  void trial_goes_on(const ProgressCounts&) override {}
  void trial_ends(const TrialResult&) override {}
};

}  // namespace atonce
