#include "bench/experiment.h"

#include <fmt/format.h>

#include <stdexcept>
#include <utility>

#include "bench/call_stream.h"
#include "bench/environment.h"
#include "bench/listener.h"
#include "bench/machine.h"
#include "bench/placement.h"
#include "bench/preflight.h"
#include "bench/server_account.h"
#include "bench/server_process.h"
#include "core/units.h"

namespace atonce {
namespace {

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

/// Whether the server may run where the client does. Trials that are not pinned run on any core.
bool shares_cores(const ExperimentRequest& request, const Placement& placement) {
  if (request.url.empty()) return placement.client_core < 0;
  const auto cores =
      placement.client_core < 0 ? usable_cores() : std::vector{placement.client_core};
  return may_share_cores(parse_target(request.url), cores);
}

std::string in_a_line(const Finding& finding) {
  return fmt::format("{}: {}{}{}", finding.subject, finding.value,
                     finding.advice.empty() ? "" : ": ", finding.advice);
}

void look_before(ResultSet& results, const std::vector<Finding>& findings,
                 ExperimentWatcher& watcher) {
  for (const Finding& finding : findings) {
    if (finding.health == Health::failure) throw std::invalid_argument(in_a_line(finding));
    if (finding.health == Health::warning) watcher.warned(in_a_line(finding));
    results.environment.emplace_back("preflight: " + finding.subject, finding.value);
  }
}

Finding shared_core_warning() {
  return {Health::warning, "cores", "server and client may run on the same core",
          "keep the server off the client's core (taskset)"};
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
  const std::string url = mock_server ? server->url() : request.url;
  const bool sharing = shares_cores(request, placement);
  auto findings = preflight(intended_load(request, trials), url);
  if (sharing) findings.push_back(shared_core_warning());
  look_before(results, findings, watcher);
  // A file of earlier calls is not given up before it is sure that there will be others.
  if (!request.calls_csv.empty()) create_call_file(request.calls_csv);
  if (mock_server) wait_until_quiet(url);
  if (request.scenario.spin > Nanos{})
    results.environment.emplace_back("spin", format_duration(request.scenario.spin));
  for (std::size_t i = 0; i < trials.size() && !stop.stop_requested(); ++i) {
    watcher.trial_begins(i + 1, trials.size(), trials[i]);
    const TrialSpec spec{.key = trials[i],
                         .scenario = request.scenario,
                         .url = url,
                         .mock_server = mock_server,
                         .shares_cores = sharing,
                         .core = placement.client_core,
                         .helper_core = placement.server_core,
                         .calls_csv = request.calls_csv};
    results.trials.push_back(
        play_in_child(spec, stop, request.trial_limit,
                      [&](const ProgressCounts& counts) { watcher.trial_goes_on(counts); }));
    results.interrupted = i + 1 < trials.size() || stop.stop_requested();
    watcher.trial_ends(results.trials.back());
    save(results);
  }
  return results;
}

}  // namespace atonce
