#pragma once
/// What a person asked of the gate on the command line, and the job that is made of it.

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "bench/gate/job.h"
#include "bench/gate/judgement.h"

namespace atonce::gate {

struct GateOptions {
  std::string scenario, baseline, candidate, against;
  std::vector<std::string> benchmarks;  ///< two files
  ArmSettings defaults;
  std::vector<std::string> cells, fail_on, formats;
  double rate = 0;
  std::string slice = "1s", warm_up = "200ms", budget = "5m";
  const char* budget_option = "--budget";  ///< as it is called on the command line
  Rules rules;
  std::optional<std::uint64_t> seed{};  ///< none = a new one
  std::string out = "results/gate";
  bool quiet = false, owns_target = false;
};

/// Throws std::invalid_argument or ConfigError.
JobRequest request_of(const GateOptions& options);
std::set<FailOn> fail_on_of(const GateOptions& options);
/// Throws std::invalid_argument when the rules contradict each other.
Rules rules_of(const GateOptions& options);

}  // namespace atonce::gate
