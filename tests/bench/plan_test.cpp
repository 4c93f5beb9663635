#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "bench/experiment.h"
#include "runners/runner.h"

namespace atonce {
namespace {

using ::testing::Each;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::SizeIs;

ExperimentRequest hundred_calls() {
  ExperimentRequest request;
  request.scenario = load_scenario("hundred-calls");
  return request;
}

std::size_t count(const std::vector<TrialKey>& trials, const std::string& runner) {
  return static_cast<std::size_t>(std::ranges::count(trials, runner, &TrialKey::runner));
}

std::string refusal_of(const ExperimentRequest& request) {
  try {
    check_head_room(request, plan_trials(request));
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "no error";
}

TEST(Plan, has_every_runner_under_every_cap) {
  const auto trials = plan_trials(hundred_calls());
  std::set<std::string> runners;
  for (const TrialKey& trial : trials) runners.insert(trial.runner);
  EXPECT_EQ(runners.size(), all_runners().size());
  EXPECT_EQ(count(trials, "curl_multi"), 4u);
  EXPECT_EQ(count(trials, "thread_pool"), 4u);
}

TEST(Plan, plays_a_runner_once_where_the_cap_changes_nothing) {
  const auto trials = plan_trials(hundred_calls());
  EXPECT_EQ(count(trials, "sync_serial"), 1u);
  EXPECT_EQ(count(trials, "null"), 1u);
}

TEST(Plan, crosses_transports_with_the_runners_that_have_a_choice) {
  ExperimentRequest request = hundred_calls();
  request.runners = {"thread_pool", "curl_multi"};
  request.transports = {"cpp-httplib", "curl-easy"};
  const auto trials = plan_trials(request);
  EXPECT_EQ(count(trials, "thread_pool"), 8u);
  EXPECT_EQ(count(trials, "curl_multi"), 4u);
}

TEST(Plan, repeats_everything) {
  ExperimentRequest request = hundred_calls();
  const std::size_t once = plan_trials(request).size();
  request.repetitions = 3;
  EXPECT_THAT(plan_trials(request), SizeIs(3 * once));
}

TEST(Plan, order_is_random_but_comes_again_with_the_seed) {
  ExperimentRequest request = hundred_calls();
  const auto label = [](const std::vector<TrialKey>& trials) {
    std::vector<std::string> labels;
    for (const TrialKey& trial : trials) labels.push_back(trial.runner + std::to_string(trial.cap));
    return labels;
  };
  const auto first = label(plan_trials(request));
  EXPECT_EQ(first, label(plan_trials(request)));
  request.scenario.seed = 2;
  EXPECT_NE(first, label(plan_trials(request)));
}

TEST(Plan, connections_follow_the_cap_unless_they_are_set) {
  ExperimentRequest request = hundred_calls();
  for (const TrialKey& trial : plan_trials(request)) EXPECT_EQ(trial.connections, trial.cap);
  request.scenario.connections = 7;
  EXPECT_THAT(plan_trials(request), Each(Field(&TrialKey::connections, 7u)));
}

TEST(Plan, refuses_what_is_not_there) {
  ExperimentRequest request = hundred_calls();
  request.runners = {"curl"};
  EXPECT_THAT(refusal_of(request), HasSubstr("curl_multi"));
  request = hundred_calls();
  request.transports = {"carrier-pigeon"};
  EXPECT_THAT(refusal_of(request), HasSubstr("carrier-pigeon"));
}

TEST(Plan, refuses_a_closed_load_without_a_number_for_a_cap) {
  ExperimentRequest request = hundred_calls();
  request.scenario = load_scenario("saturation");
  request.scenario.caps = {unlimited};
  EXPECT_THAT(refusal_of(request), HasSubstr("closed"));
}

TEST(Plan, refuses_more_connections_than_files) {
  ExperimentRequest request = hundred_calls();
  request.scenario.load.sessions = 10'000'000;
  request.scenario.caps = {9'000'000};
  EXPECT_THAT(refusal_of(request), HasSubstr("ulimit -n"));
  request.scenario.connections = 10;
  EXPECT_EQ(refusal_of(request), "no error");
}

}  // namespace
}  // namespace atonce
