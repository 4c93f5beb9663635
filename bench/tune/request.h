#pragma once
/// What a person asked of the tuner on the command line, and the searches that are made of it.

#include <string>
#include <vector>

#include "bench/tune/live.h"
#include "bench/tune/tuning.h"

namespace atonce::tune {

struct TuneOptions {
  std::string scenario;
  std::vector<std::string> runners, slos, formats;
  std::string transport, variant, url;
  std::string objective = "slo", vary = "cap", range, budget = "3m", block = "1s";
  std::string seed, time_scale;
  std::size_t cap = 0, connections = 0, threads = 0;  ///< 0 = not given
  bool compare_runners = false, owns_target = false, quiet = false;
  std::string out;
};

/// A search and the server it is made on.
struct Job {
  LiveRequest live;
  Rules rules;
};

struct Jobs {
  std::vector<Job> jobs{};              ///< one for each runner
  std::vector<std::string> left_out{};  ///< why those that nobody named cannot be tuned
};
/// Throws std::invalid_argument or ConfigError.
Jobs jobs_of(const TuneOptions& options);

}  // namespace atonce::tune
