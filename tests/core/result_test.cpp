#include "core/result.h"

#include <gtest/gtest.h>

namespace atonce {
namespace {

using std::chrono::milliseconds;

TrialResult hundred_calls() {
  TrialResult trial;
  trial.ledger.scheduled = 100;
  trial.ledger.calls[index(Outcome::ok)] = 90;
  trial.ledger.calls[index(Outcome::reset)] = 10;
  trial.attempts = 120;
  trial.makespan = milliseconds{500};
  trial.ideal_makespan = milliseconds{450};
  trial.peak_in_flight = 20;
  trial.usage.cpu_user = milliseconds{8};
  trial.usage.cpu_system = milliseconds{4};
  trial.usage.memory_before = 1'000'000;
  trial.usage.memory_peak = 1'500'000;
  return trial;
}

TEST(Result, figures_follow_their_definitions) {
  const TrialResult trial = hundred_calls();
  EXPECT_EQ(calls_ok(trial), 90u);
  EXPECT_EQ(calls_failed(trial), 10u);
  EXPECT_DOUBLE_EQ(*efficiency(trial), 0.9);
  EXPECT_DOUBLE_EQ(*throughput(trial), 180);
  EXPECT_EQ(cpu_per_call(trial), Nanos{100'000});
  EXPECT_DOUBLE_EQ(*memory_per_call(trial), 25'000);
}

TEST(Result, calls_that_are_not_accounted_for_count_as_failed) {
  TrialResult trial = hundred_calls();
  trial.ledger.calls[index(Outcome::reset)] = 0;
  EXPECT_EQ(calls_failed(trial), 10u);
}

TEST(Result, efficiency_needs_an_ideal_and_a_finished_run) {
  TrialResult trial = hundred_calls();
  trial.status = TrialStatus::interrupted;
  EXPECT_FALSE(efficiency(trial));
  trial = hundred_calls();
  trial.ideal_makespan.reset();
  EXPECT_FALSE(efficiency(trial));
}

TEST(Result, nothing_is_divided_by_zero) {
  const TrialResult nothing_ran;
  EXPECT_FALSE(efficiency(nothing_ran));
  EXPECT_FALSE(throughput(nothing_ran));
  EXPECT_FALSE(cpu_per_call(nothing_ran));
  EXPECT_FALSE(memory_per_call(nothing_ran));
}

TEST(Result, memory_per_call_needs_enough_in_flight_to_tell_calls_from_fixed_cost) {
  TrialResult trial = hundred_calls();
  trial.peak_in_flight = fewest_for_memory - 1;
  EXPECT_FALSE(memory_per_call(trial));
  trial.peak_in_flight = fewest_for_memory;
  EXPECT_TRUE(memory_per_call(trial));
}

}  // namespace
}  // namespace atonce
