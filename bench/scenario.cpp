#include "bench/scenario.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <stdexcept>

#include "bench/placeholders.h"
#include "bench/read_file.h"
#include "core/random.h"

namespace atonce {
namespace {

std::string builtin_names() {
  std::string names;
  for (const auto& builtin : builtin_scenarios())
    names += (names.empty() ? "" : ", ") + std::string(builtin.name);
  return names;
}

std::string variant_names(const Scenario& scenario) {
  std::vector<std::string_view> names;
  for (const Variant& variant : scenario.variants) names.push_back(variant.name);
  return names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", "));
}

Load scaled_load(const Scenario& scenario) {
  Load load = scenario.load;
  load.rate = load.rate.stretched(scenario.time_scale);
  load.duration = scaled(load.duration, scenario.time_scale);
  load.warm_up.span = scaled(load.warm_up.span, scenario.time_scale);
  for (const TraceRow& row : scenario.trace.rows)
    load.trace.push_back(scaled(row.at, scenario.time_scale));
  return load;
}

}  // namespace

Scenario load_scenario(const std::string& name_or_file) {
  const auto builtins = builtin_scenarios();
  const auto found = std::ranges::find(builtins, name_or_file, &BuiltinScenario::name);
  if (found != builtins.end())
    return parse_scenario(std::string(found->text), name_or_file + ".yaml");
  const auto text = read_file(name_or_file);
  if (!text)
    throw std::invalid_argument(fmt::format(
        "there is no scenario '{}': give a YAML file, or one of the built-in scenarios: {}",
        name_or_file, builtin_names()));
  return parse_scenario(*text, name_or_file);
}

Scenario with_variant(Scenario scenario, std::string_view name) {
  if (name.empty()) return scenario;
  const auto found = std::ranges::find(scenario.variants, name, &Variant::name);
  if (found == scenario.variants.end())
    throw std::invalid_argument(fmt::format("{} has no variant '{}'; its variants: {}",
                                            scenario.name, name, variant_names(scenario)));
  if (!found->caps.empty()) scenario.caps = found->caps;
  scenario.connections = found->connections.value_or(scenario.connections);
  scenario.retry = found->retry.value_or(scenario.retry);
  scenario.on_error = found->on_error.value_or(scenario.on_error);
  scenario.limit.law = found->limit.value_or(scenario.limit.law);
  scenario.limit.late = found->late.value_or(scenario.limit.late);
  for (Request& request : scenario.requests)
    request.then.place = found->steps.value_or(request.then.place);
  return scenario;
}

Scenario with_limits(Scenario scenario, LimitChoice choice) {
  if (!scenario.variants.empty() && choice.variant.empty())
    throw std::invalid_argument(
        fmt::format("{} has variants of its own: choose one of them, which --limit then varies, "
                    "with --variant; its variants: {}",
                    scenario.name, variant_names(scenario)));
  scenario = with_variant(std::move(scenario), choice.variant);
  scenario.variants.clear();
  for (const LimitLaw law : choice.laws)
    scenario.variants.push_back({.name = std::string(name(law)), .limit = law});
  scenario.limit_choice = std::move(choice);
  return scenario;
}

std::vector<PlannedCall> planned_calls(const Scenario& scenario) {
  std::vector<PlannedCall> calls;
  for (const StagePlan& stage : scenario.session.stages)
    for (const std::uint32_t call : stage.calls) {
      const Request& request = scenario.requests[call];
      calls.push_back({.stage = stage.name, .request = request.method + " " + request.target});
    }
  return calls;
}

std::uint64_t seed_of(const Scenario& scenario, unsigned repetition) {
  return hash(scenario.seed, repetition, Stream::repetition);
}

Schedule schedule_of(const Scenario& scenario, unsigned repetition) {
  std::vector<Request> requests = scenario.requests;
  for (Request& request : requests)
    request.then.span = scaled(request.then.span, scenario.time_scale);
  Schedule schedule = make_schedule(scaled_load(scenario), scenario.session, std::move(requests),
                                    seed_of(scenario, repetition));
  if (scenario.load.shape == LoadShape::trace) fill_in(schedule, scenario.trace.rows);
  return schedule;
}

Policy policy_of(const Scenario& scenario, std::size_t cap, unsigned repetition) {
  Policy policy;
  policy.cap = cap;
  policy.limit = scenario.limit;
  policy.limit.late = scaled(policy.limit.late, scenario.time_scale);
  policy.attempt_timeout = scaled(scenario.timeout, scenario.time_scale);
  policy.call_deadline = scaled(scenario.deadline, scenario.time_scale);
  policy.retry = scenario.retry;
  policy.retry.base = scaled(policy.retry.base, scenario.time_scale);
  policy.retry.longest = scaled(policy.retry.longest, scenario.time_scale);
  policy.retry.longest_hint = scaled(policy.retry.longest_hint, scenario.time_scale);
  policy.on_error = scenario.on_error;
  policy.seed = seed_of(scenario, repetition);
  return policy;
}

}  // namespace atonce
