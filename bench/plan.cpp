#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <stdexcept>

#include "bench/experiment.h"
#include "bench/machine.h"
#include "bench/trial.h"
#include "core/random.h"
#include "runners/runner.h"

namespace atonce {
namespace {

std::vector<const RunnerEntry*> runners_of(const ExperimentRequest& request) {
  const auto all = all_runners();
  const auto& wanted = request.runners.empty() ? request.scenario.runners : request.runners;
  std::vector<const RunnerEntry*> chosen;
  for (const std::string& runner : wanted) chosen.push_back(&runner_named(runner));
  return chosen.empty() ? std::vector(all.begin(), all.end()) : chosen;
}

/// The transports asked for that `entry` has; its own default when it has no choice to make.
std::vector<std::string> transports_of(const RunnerEntry& entry, const ExperimentRequest& request) {
  if (entry.transports.empty()) return {""};
  std::vector<std::string> chosen;
  for (const std::string& transport : request.transports)
    if (std::ranges::count(entry.transports, transport)) chosen.push_back(transport);
  if (chosen.empty()) chosen.emplace_back(entry.transports.front());
  return chosen;
}

/// Whether the runner could have that many calls in flight.
bool reaches(const RunnerEntry& entry, std::size_t cap) {
  const bool one_thread_each = !entry.transports.empty();
  RunnerConfig config;
  config.cap = config.most_parallel = cap;
  return cap == unlimited || !one_thread_each || entry.threads(config) >= cap;
}

/// Where the cap changes nothing there is one trial, not one per cap. Caps that a runner cannot
/// reach are left out, unless there is no other.
std::vector<std::size_t> caps_of(const RunnerEntry& entry, const Scenario& scenario) {
  if (entry.model == Model::serial || entry.model == Model::none) return {1};
  std::vector<std::size_t> caps;
  std::ranges::copy_if(scenario.caps, std::back_inserter(caps),
                       [&](std::size_t cap) { return reaches(entry, cap); });
  return caps.empty() ? scenario.caps : caps;
}

std::vector<std::string> variants_of(const ExperimentRequest& request) {
  if (!request.variants.empty()) return request.variants;
  std::vector<std::string> names;
  for (const Variant& variant : request.scenario.variants) names.push_back(variant.name);
  if (names.empty()) names.emplace_back();
  return names;
}

void check_transports(const ExperimentRequest& request) {
  for (const std::string& transport : request.transports) {
    const bool known = std::ranges::any_of(all_runners(), [&](const RunnerEntry* entry) {
      return std::ranges::count(entry->transports, transport) > 0;
    });
    if (!known)
      throw std::invalid_argument(fmt::format(
          "no runner has a transport '{}'; `atonce list` shows the transports", transport));
  }
}

void check_caps(const Scenario& scenario) {
  const bool endless =
      scenario.load.shape == LoadShape::closed && std::ranges::count(scenario.caps, unlimited) > 0;
  if (endless)
    throw std::invalid_argument(
        "a closed load keeps as many calls in flight as the cap: it needs caps that are numbers");
}

void shuffle(std::vector<TrialKey>& trials, std::uint64_t seed) {
  for (std::size_t left = trials.size(); left > 1; --left) {
    const double u = uniform01(seed, left, Stream::trial_order);
    std::swap(trials[left - 1], trials[static_cast<std::size_t>(u * static_cast<double>(left))]);
  }
}

}  // namespace

std::vector<TrialKey> plan_trials(const ExperimentRequest& request) {
  check_transports(request);
  std::vector<TrialKey> trials;
  for (const std::string& variant : variants_of(request)) {
    const Scenario scenario = with_variant(request.scenario, variant);
    check_caps(scenario);
    for (unsigned repetition = 0; repetition < request.repetitions; ++repetition)
      for (const RunnerEntry* entry : runners_of(request))
        for (const std::string& transport : transports_of(*entry, request))
          for (const std::size_t cap : caps_of(*entry, scenario))
            trials.push_back({.runner = std::string(entry->name),
                              .transport = transport,
                              .cap = cap,
                              .connections = scenario.connections == 0 ? cap : scenario.connections,
                              .threads = request.threads,
                              .repetition = repetition,
                              .variant = variant});
  }
  shuffle(trials, request.scenario.seed);
  return trials;
}

void check_head_room(const ExperimentRequest& request, const std::vector<TrialKey>& trials) {
  const std::size_t files = raise_open_files();
  const Schedule schedule = schedule_of(request.scenario, 0);
  for (const TrialKey& trial : trials) {
    const std::size_t needed =
        std::min(trial.connections, most_parallel(schedule, trial.cap)) + spare_files;
    if (needed > files)
      throw std::invalid_argument(fmt::format(
          "cap {} could open {} connections, but this process may open {} files: choose a lower "
          "--cap or --connections, or raise the limit (ulimit -n)",
          trial.cap == unlimited ? "unlimited" : std::to_string(trial.cap), needed, files));
  }
}

}  // namespace atonce
