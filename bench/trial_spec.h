#pragma once
/// Everything a trial needs to know, as it is passed to the trial's own process.

#include <optional>
#include <string>

#include "bench/scenario.h"
#include "core/result.h"

namespace atonce {

/// A short stretch of load that is played instead of the scenario's own; in real time, whatever the
/// time scale.
struct SliceLoad {
  double rate = 0;  ///< sessions per second, as a Poisson process; 0: closed, as many as the cap
  Nanos warm_up{};  ///< played first and not measured
  Nanos measured{};
  std::uint64_t most_sessions = 100'000;  ///< room is made for so many
};
/// Makes it the scenario's load.
void play_slice(Scenario& scenario, const SliceLoad& slice);

struct TrialSpec {
  TrialKey key;
  Scenario scenario;          ///< with the seed and the time scale of this run
  std::string url;            ///< base URL of the target
  bool mock_server = true;    ///< the target is our server: reset it, read its truth
  bool keeps_course = false;  ///< our server goes on as it is: only its account is reset
  bool shares_cores = false;  ///< with the server, as far as is known
  int core = -1;              ///< pin the process to this core; -1 = do not
  std::optional<SliceLoad> slice{};
  int helper_core = -1;     ///< pin its threads that carry no calls to this one; -1 = do not
  std::string calls_csv{};  ///< append a line per call to this file; empty = do not
};

std::string to_json(const TrialSpec& spec);
/// Throws std::runtime_error or ConfigError on text that to_json() did not write.
TrialSpec trial_spec_from_json(const std::string& text);

}  // namespace atonce
