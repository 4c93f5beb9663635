#include "bench/trial_spec.h"

#include <gtest/gtest.h>

namespace atonce {
namespace {

TEST(TrialSpec, reaches_the_trial_as_it_was) {
  TrialSpec spec;
  spec.scenario = load_scenario("hundred-calls");
  spec.scenario.seed = UINT64_MAX;
  spec.scenario.time_scale = 0.123456789;
  spec.scenario.keep_alive = false;
  spec.scenario.timeout = Nanos{12'345};
  spec.key = {.runner = "thread_pool",
              .transport = "curl-easy",
              .cap = unlimited,
              .connections = 7,
              .threads = 3,
              .repetition = 4};
  spec.url = "http://[::1]:8080/v1";
  spec.mock_server = false;
  spec.keeps_course = true;
  spec.core = 1;
  spec.helper_core = 2;
  spec.calls_csv = "calls.csv";
  spec.scenario.spin = Nanos{50'000};

  const TrialSpec copy = trial_spec_from_json(to_json(spec));
  EXPECT_EQ(to_json(copy), to_json(spec));
  EXPECT_EQ(copy.key.cap, unlimited);
  EXPECT_EQ(copy.scenario.seed, UINT64_MAX);
  EXPECT_EQ(copy.scenario.time_scale, 0.123456789);
  EXPECT_EQ(copy.scenario.timeout, Nanos{12'345});
  EXPECT_FALSE(copy.scenario.keep_alive);
  EXPECT_EQ(copy.scenario.spin, Nanos{50'000});
  EXPECT_EQ(copy.helper_core, 2);
  EXPECT_TRUE(copy.keeps_course);
  EXPECT_EQ(copy.calls_csv, "calls.csv");
  EXPECT_EQ(copy.scenario.text, spec.scenario.text);
}

TEST(TrialSpec, limits_asked_for_are_variants_in_the_trial_too) {
  TrialSpec spec;
  spec.scenario = with_limits(load_scenario("pool-vs-semaphore"),
                              {.laws = {LimitLaw::vegas, LimitLaw::aimd}, .variant = "low cap"});
  const TrialSpec copy = trial_spec_from_json(to_json(spec));
  EXPECT_EQ(to_json(copy), to_json(spec));
  const Scenario played = with_variant(copy.scenario, "aimd");
  EXPECT_EQ(policy_of(played, 20, 0).limit.law, LimitLaw::aimd);
  EXPECT_EQ(played.connections, 20u) << "of the variant that it varies";
}

TEST(TrialSpec, a_slice_replaces_the_load_and_is_in_real_time) {
  TrialSpec spec;
  spec.scenario = load_scenario("hundred-calls");
  spec.scenario.time_scale = 0.1;
  spec.slice = {.rate = 1000,
                .warm_up = std::chrono::milliseconds(200),
                .measured = std::chrono::seconds(1),
                .most_sessions = 9000};
  const TrialSpec copy = trial_spec_from_json(to_json(spec));
  EXPECT_EQ(to_json(copy), to_json(spec));
  const Schedule schedule = schedule_of(copy.scenario, 1);
  EXPECT_NEAR(static_cast<double>(schedule.arrivals.size()), 1200, 150);
  EXPECT_LT(schedule.arrivals.back().due, std::chrono::milliseconds(1200));
  EXPECT_NEAR(static_cast<double>(schedule.warm_up.span.count()), 2e8, 1);

  spec.slice->rate = 0;
  const Schedule closed = schedule_of(trial_spec_from_json(to_json(spec)).scenario, 1);
  ASSERT_TRUE(closed.closed);
  EXPECT_EQ(closed.closed->sessions, 9000u);
}

}  // namespace
}  // namespace atonce
