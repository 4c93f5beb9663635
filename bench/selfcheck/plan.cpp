#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <stdexcept>

#include "bench/experiment.h"
#include "bench/selfcheck/selfcheck.h"
#include "core/random.h"
#include "runners/runner.h"

namespace atonce::selfcheck {
namespace {

/// Far more than the loads have in flight: it is there to bound threads and processes.
constexpr std::size_t cap = 32;

/// Contenders in the order of the runners' table.
std::vector<TrialKey> contenders(const Wanted& wanted) {
  ExperimentRequest request;
  request.scenario.caps = {cap};
  request.runners = wanted.runners;
  request.transports = wanted.transports;
  auto keys = plan_trials(request);
  if (wanted.runners.empty())
    std::erase_if(
        keys, [](const TrialKey& key) { return find_runner(key.runner)->model == Model::none; });
  const auto place = [](const TrialKey& key) {
    return std::pair(std::ranges::find(all_runners(), find_runner(key.runner)), key.transport);
  };
  std::ranges::sort(keys, {}, place);
  return keys;
}

void check_runners(const std::vector<TrialKey>& keys) {
  for (const TrialKey& key : keys)
    if (find_runner(key.runner)->model == Model::none)
      throw std::invalid_argument(
          fmt::format("the runner '{}' sends nothing: there is nothing to check", key.runner));
}

std::vector<std::string> laws_of(const Wanted& wanted) {
  std::vector<std::string> names;
  for (const KnownLaw& known : known_laws()) names.push_back(known.name);
  if (wanted.laws.empty()) return names;
  for (const std::string& law : wanted.laws)
    if (std::ranges::count(names, law) == 0)
      throw std::invalid_argument(
          fmt::format("there is no law '{}'; the laws are: {}", law, fmt::join(names, ", ")));
  return wanted.laws;
}

/// The same for all runners, so that they are compared on the same delays; another one for each law
/// and load.
std::uint64_t seed_of(std::uint64_t seed, const std::string& law, std::size_t load) {
  const auto laws = known_laws();
  const auto place = std::ranges::find(laws, law, &KnownLaw::name) - laws.begin();
  return hash(seed, static_cast<std::uint64_t>(place) * known_loads().size() + load,
              Stream::repetition);
}

}  // namespace

std::vector<Spec> plan(const Wanted& wanted) {
  const auto keys = contenders(wanted);
  check_runners(keys);
  std::vector<Spec> specs;
  const auto laws = laws_of(wanted);
  for (const TrialKey& key : keys)
    for (const std::string& law : laws)
      for (std::size_t i = 0; i < known_loads().size(); ++i) {
        const KnownLoad& load = known_loads()[i];
        specs.push_back({.key = key,
                         .law = law,
                         .load = std::string(load.name),
                         .calls = wanted.is_short ? load.few_calls : load.calls,
                         .seed = seed_of(wanted.seed, law, i)});
      }
  const auto comparisons = static_cast<double>(specs.size() * quantiles.size());
  for (Spec& spec : specs) spec.alpha = whole_alpha / comparisons;
  return specs;
}

}  // namespace atonce::selfcheck
