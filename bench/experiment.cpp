#include "bench/experiment.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>
#include <utility>

#include "bench/environment.h"
#include "bench/machine.h"
#include "bench/server_process.h"

namespace atonce {
namespace {

/// Server and client on cores of their own where there are two.
struct Placement {
  int server_core = -1;
  int client_core = -1;
};

Placement place() {
  const auto cores = usable_cores();
  if (cores.size() < 2) return {};
  return {.server_core = cores[0], .client_core = cores[1]};
}

std::string describe(const Placement& placement, bool mock_server) {
  if (placement.client_core < 0) return "none: server and client share a core";
  if (!mock_server) return fmt::format("client on core {}", placement.client_core);
  return fmt::format("server on core {}, client on core {}", placement.server_core,
                     placement.client_core);
}

std::string utc_now() {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(seconds));
}

ResultSet empty_results(const ExperimentRequest& request, std::size_t planned) {
  const Scenario& scenario = request.scenario;
  ResultSet results;
  results.scenario = scenario.name;
  results.summary = scenario.summary;
  results.scenario_text = scenario.text;
  results.shape = scenario.load.shape;
  results.seed = scenario.seed;
  results.time_scale = scenario.time_scale;
  results.calls = planned_calls(scenario);
  results.target = request.url.empty() ? "mock server" : request.url;
  results.created = utc_now();
  results.planned_trials = planned;
  results.interrupted = true;
  results.strict = request.strict;
  results.environment = describe_environment();
  return results;
}

}  // namespace

ResultSet play_experiment(const ExperimentRequest& request, const std::vector<TrialKey>& trials,
                          std::stop_token stop, ExperimentWatcher& watcher,
                          const std::function<void(const ResultSet&)>& save) {
  const Placement placement = place();
  const bool mock_server = request.url.empty();
  std::optional<ServerProcess> server;
  if (mock_server) server.emplace(request.scenario, placement.server_core);

  ResultSet results = empty_results(request, trials.size());
  results.environment.emplace_back("pinning", describe(placement, mock_server));
  for (std::size_t i = 0; i < trials.size() && !stop.stop_requested(); ++i) {
    watcher.trial_begins(i + 1, trials.size(), trials[i]);
    const TrialSpec spec{.key = trials[i],
                         .scenario = request.scenario,
                         .url = mock_server ? server->url() : request.url,
                         .mock_server = mock_server,
                         .shares_cores = mock_server && placement.client_core < 0,
                         .core = placement.client_core};
    results.trials.push_back(
        play_in_child(spec, stop, request.trial_limit,
                      [&](const TrialProgress& progress) { watcher.trial_goes_on(progress); }));
    results.interrupted = i + 1 < trials.size() || stop.stop_requested();
    watcher.trial_ends(results.trials.back());
    save(results);
  }
  return results;
}

}  // namespace atonce
