#pragma once
/// What is sent, how it arrives, under which limits and against what: a scenario file as a value.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bench/trace.h"
#include "core/policy.h"
#include "core/result.h"
#include "core/schedule.h"
#include "mock_server/server_config.h"

namespace atonce {

/// A way to play the scenario beside others: what it says replaces what the scenario says.
struct Variant {
  std::string name;
  std::vector<std::size_t> caps{};  ///< empty = the scenario's
  std::optional<std::size_t> connections{};
  std::optional<RetryPolicy> retry{};
  std::optional<ErrorPolicy> on_error{};
  std::optional<Step::Place> steps{};  ///< where all steps are taken
  std::optional<LimitLaw> limit{};
  std::optional<Nanos> late{};  ///< see LimitRule
};

/// Laws of the limit asked for on the command line: each is a variant of its name.
struct LimitChoice {
  std::vector<LimitLaw> laws;  ///< empty = none was
  std::string variant;         ///< of the scenario, that is played under them; empty = itself
};

/// Durations are as written in the file; `time_scale` is applied when a trial is made from it.
struct Scenario {
  std::string name;
  std::string summary;               ///< one sentence: what it shows
  std::vector<std::string> systems;  ///< of docs/systems.md, that it makes visible: "S9"
  std::vector<std::string> runners;  ///< that play it when none is asked for; empty = all
  std::string text;                  ///< the YAML it was read from
  std::string file;                  ///< for messages

  std::uint64_t seed = 1;
  double time_scale = 1;
  Load load;
  Trace trace;  ///< of the shape trace; its times make the load's
  SessionPlan session;
  std::vector<Request> requests;

  std::vector<std::size_t> caps;
  std::size_t connections = 0;  ///< 0 = as many as the cap
  LimitRule limit;              ///< below the cap
  bool keep_alive = true;
  Nanos timeout = std::chrono::seconds(30);  ///< of one attempt
  Nanos deadline = unlimited_time;           ///< of a whole call
  RetryPolicy retry;
  ErrorPolicy on_error = ErrorPolicy::collect;
  std::size_t offload_threads = 32;  ///< of an event loop
  Nanos spin{};                      ///< of this machine: not scaled
  std::vector<Variant> variants;     ///< empty = it is played one way only
  LimitChoice limit_choice;          ///< of which the variants were made

  mock::ServerConfig server;
};

/// Reads a scenario; docs/scenario_format.md describes the schema. Throws ConfigError.
Scenario parse_scenario(const std::string& text, const std::string& file);

/// A built-in scenario by name, else a YAML file by path. Throws std::invalid_argument, with the
/// names there are, when it is neither; ConfigError when the file is wrong.
Scenario load_scenario(const std::string& name_or_file);

struct BuiltinScenario {
  std::string_view name;
  std::string_view text;
};
std::span<const BuiltinScenario> builtin_scenarios();

/// The scenario as its variant of that name plays it; itself for the empty name. Throws
/// std::invalid_argument, with the names there are, when it has no such variant.
Scenario with_variant(Scenario scenario, std::string_view name);

/// The scenario with a variant for each law, and no other. Throws std::invalid_argument when it has
/// variants of its own and none of them is chosen.
Scenario with_limits(Scenario scenario, LimitChoice choice);

/// The calls of one session, for reports.
std::vector<PlannedCall> planned_calls(const Scenario& scenario);

/// Longer than any machine oversleeps.
inline constexpr Nanos longest_spin = std::chrono::milliseconds(10);

/// The schedule of one repetition, with all durations scaled. The same for every runner.
Schedule schedule_of(const Scenario& scenario, unsigned repetition);
/// The seed of one repetition: of its arrivals, back-offs and of the server's draws.
std::uint64_t seed_of(const Scenario& scenario, unsigned repetition);
/// The policy under `cap`, with all durations scaled.
Policy policy_of(const Scenario& scenario, std::size_t cap, unsigned repetition);

}  // namespace atonce
