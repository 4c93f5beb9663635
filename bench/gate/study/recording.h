#pragma once
/// Pairs of one arm against itself, as `atonce gate calibrate` leaves them.

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "bench/gate/virtual_job.h"

namespace atonce::gate::study {

struct Recording {
  Record record;            ///< with the cells that decide by default
  std::vector<Pair> pairs;  ///< those that can be used
  Rules rules;              ///< the usual ones, with as many pairs as the usual time allows
  double seconds_per_pair = 0;
};

/// Throws UnreadableFile, or std::invalid_argument when there are too few pairs to draw from.
Recording read_recording(const std::filesystem::path& file);

/// Where a change shows.
enum class Change : unsigned char {
  answers,  ///< response times, and so the throughput of a closed load
  client,   ///< CPU per call and client overhead
};
/// A change by `factor` (1.1 = 10 % worse) in the cells where it shows.
Injection injection_of(const Recording& recording, Change change, double factor);

/// Verdicts and lengths of jobs.
struct Tally {
  void count(Decision decision, std::size_t of_pairs);

  std::size_t jobs = 0, fails = 0, passes = 0;
  std::vector<double> pairs{};  ///< of the jobs that ended in FAIL or PASS
};
Tally play_jobs(const Recording& recording, const Injection& injection, std::size_t jobs);

/// The recording cut into jobs as it stands, nothing drawn nor dealt anew.
Tally play_as_recorded(const Recording& recording);

}  // namespace atonce::gate::study
