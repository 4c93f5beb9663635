#pragma once
/// What a person sees while an experiment runs.

#include <cstdio>

#include "bench/experiment.h"

namespace atonce {

/// One line that is rewritten on a terminal; one line per trial elsewhere.
class ProgressDisplay : public ExperimentWatcher {
 public:
  ProgressDisplay(std::FILE* out, bool on_terminal) : out_(out), on_terminal_(on_terminal) {}

  void warned(const std::string& warning) override;
  void trial_begins(std::size_t number, std::size_t total, const TrialKey& key) override;
  void trial_goes_on(const TrialProgress& progress) override;
  void trial_ends(const TrialResult& result) override;

 private:
  void rewrite(const std::string& line);
  std::string time_left() const;

  std::FILE* const out_;
  const bool on_terminal_;
  std::size_t number_ = 0, total_ = 0;
  std::string label_;
  Instant first_began_ = unset;
  Instant last_seen_ = unset;
  std::uint64_t last_done_ = 0;
};

/// Says nothing.
class NoDisplay : public ExperimentWatcher {
 public:
  void warned(const std::string&) override {}
  void trial_begins(std::size_t, std::size_t, const TrialKey&) override {}
  void trial_goes_on(const TrialProgress&) override {}
  void trial_ends(const TrialResult&) override {}
};

}  // namespace atonce
