#include "bench/gate/request.h"

#include <fmt/format.h>

#include <random>
#include <stdexcept>

#include "bench/arguments.h"
#include "runners/runner.h"

namespace atonce::gate {
namespace {

std::uint64_t new_seed() {
  std::random_device device;
  return std::uint64_t{device()} << 32 | device();
}

void check_target(const Arm& arm, bool owns_target) {
  if (arm.kind != Arm::Kind::url || owns_target || is_local(parse_target(arm.url))) return;
  throw std::invalid_argument(fmt::format(
      "{} is not on this machine: add --i-own-this-target if you may put load on it", arm.url));
}

Nanos duration_above_0(const std::string& text, const char* option) {
  const Nanos span = duration(text, option);
  if (span <= Nanos{})
    throw std::invalid_argument(fmt::format("{} takes a duration longer than 0", option));
  return span;
}

}  // namespace

Rules rules_of(const GateOptions& options) {
  Rules rules = options.rules;
  rules.most_time = duration_above_0(options.budget, options.budget_option);
  if (rules.tolerated >= rules.regression)
    throw std::invalid_argument(
        "--tolerate must be less than --regression: between the two the "
        "gate is free to say either");
  return rules;
}

std::set<FailOn> fail_on_of(const GateOptions& options) {
  if (options.fail_on.empty()) return {FailOn::regression, FailOn::inconclusive};
  std::set<FailOn> fail_on;
  for (const std::string& word : options.fail_on) {
    if (word == "regression")
      fail_on.insert(FailOn::regression);
    else if (word == "inconclusive")
      fail_on.insert(FailOn::inconclusive);
    else if (word == "improvement")
      fail_on.insert(FailOn::improvement);
    else
      throw std::invalid_argument(fmt::format(
          "--fail-on: expected regression, inconclusive or improvement, got '{}'", word));
  }
  return fail_on;
}

JobRequest request_of(const GateOptions& options) {
  JobRequest request;
  request.scenario = load_scenario(options.scenario);
  if (request.scenario.load.shape == LoadShape::trace)
    throw std::invalid_argument(
        "a trace cannot be cut into slices: give a load with a rate, a "
        "batch or a closed load");
  request.candidate = parse_arm(options.candidate, options.defaults, request.scenario);
  // Beside stored figures there is nothing to play but the candidate.
  request.baseline = options.baseline.empty()
                         ? request.candidate
                         : parse_arm(options.baseline, options.defaults, request.scenario);
  check_target(request.baseline, options.owns_target);
  check_target(request.candidate, options.owns_target);
  for (const std::string& cell : options.cells) request.wanted.push_back(measure_named(cell));
  request.rules = rules_of(options);
  request.rate = options.rate;
  request.measured = duration_above_0(options.slice, "--slice");
  request.warm_up = duration(options.warm_up, "--warm-up");
  request.seed = options.seed ? *options.seed : new_seed();
  request.stage = std::filesystem::path(options.out) / ".gate-stage";
  return request;
}

}  // namespace atonce::gate
