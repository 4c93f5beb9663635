#pragma once
/// Measures pairs until the judge has decided.

#include <filesystem>
#include <stop_token>
#include <string_view>
#include <vector>

#include "bench/gate/arm.h"
#include "bench/gate/judge.h"
#include "bench/gate/measures.h"

namespace atonce::gate {

struct JobRequest {
  Scenario scenario;
  Arm baseline, candidate;
  std::vector<Measure> wanted;  ///< cells; empty = those that suit the scenario
  Rules rules;
  double rate = 0;  ///< of the open slices; 0 = that of the scenario, else half of what A can do
  Nanos warm_up{}, measured{};
  std::uint64_t seed = 0;  ///< of the coins
  std::filesystem::path stage;
};

/// Told how the job goes on, from the thread that plays it.
struct JobWatcher {
  virtual ~JobWatcher() = default;
  virtual void prepares(std::string_view what) = 0;
  virtual void pair_ended(const Record& record, const Judge& judge) = 0;
};

/// A job that compares baseline and candidate. A stop request leaves the record as far as it got.
/// Throws std::invalid_argument when nothing of what is wanted can be measured here.
Record play_job(const JobRequest& request, std::stop_token stop, JobWatcher& watcher);

/// Pairs of the baseline against itself for the whole time, whatever a judge would say.
Record play_calibration(const JobRequest& request, std::stop_token stop, JobWatcher& watcher);

/// Slices of the candidate beside the stored ones of an earlier record, under its load and seeds.
Record play_against(const JobRequest& request, const Record& stored, std::stop_token stop,
                    JobWatcher& watcher);

}  // namespace atonce::gate
