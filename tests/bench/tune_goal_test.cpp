/// What a search does around its goal: the time it keeps for it, and what lies beyond it.

#include <gmock/gmock.h>

#include <algorithm>

#include "bench/tune/answer.h"
#include "tests/bench/tune_spoilt.h"

namespace atonce::testing {
namespace {

using namespace tune;
using namespace tune::sim;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

Rules knee_rules(const Truth& truth) {
  Rules rules = truth.rules();
  rules.goal = Goal::knee;
  return rules;
}

TEST(TuneGoal, a_knee_among_the_levels_that_meet_has_time_of_its_own) {
  // Hard to prove: the boundary alone would take the whole budget.
  const Truth truth = closed_queue(8, 0.010, 0, "p99<=100ms");
  int closed = 0;
  for (const std::uint64_t seed : {1u, 2u, 3u}) {
    VirtualTarget target = truth.target(seed);
    const Tuning tuning = tuned(knee_rules(truth), target);
    const auto first = std::ranges::find(tuning.probes, Purpose::knee,
                                         [](const Probe& probe) { return probe.order.purpose; });
    ASSERT_NE(first, tuning.probes.end()) << story(tuning);
    EXPECT_LE(first->began, 0.6 * tuning.rules.budget) << story(tuning);
    closed += tuning.knee && tuning.knee->beyond;
  }
  EXPECT_EQ(closed, 3);
}

TEST(TuneGoal, without_a_level_that_meets_the_whole_budget_is_for_one) {
  const Truth truth = closed_queue(10, 0.100, 0.200, "p99<=1s");
  Rules rules = knee_rules(truth);
  rules.budget = Seconds(30);
  VirtualTarget target = truth.target(1);
  const Tuning tuning = tuned(rules, target);
  ASSERT_FALSE(tuning.boundary.low) << story(tuning);
  EXPECT_GT(tuning.used, 0.7 * rules.budget);
  EXPECT_EQ(tuning.end, End::out_of_budget);
}

TEST(TuneGoal, what_breaks_beyond_the_answer_is_looked_at) {
  for (const Goal goal : {Goal::slo, Goal::knee}) {
    const Truth truth = fixed_queue(8, 0.0201, "p99<=200ms");
    Rules rules = truth.rules();
    rules.goal = goal;
    if (goal == Goal::knee) rules.slos.clear();
    VirtualTarget target({.slos = rules.slos}, truth.server(), 1);
    const Tuning tuning = tuned(rules, target);
    EXPECT_EQ(tuning.end, End::decided);
    const Answer answer = answer_of(tuning);
    ASSERT_TRUE(answer.level) << story(tuning);
    const auto level = static_cast<double>(*answer.level);
    for (const double factor : {1.25, 2.0})
      EXPECT_TRUE(std::ranges::count(answer.around, std::round(factor * level), &LevelRow::level) ||
                  factor < 2)
          << factor << ": " << story(tuning);
  }
}

TEST(TuneGoal, an_outlook_that_cannot_be_had_leaves_the_answer) {
  const Truth truth = fixed_queue(8, 0.0201, "p99<=200ms");
  Spoilt target(truth.target(1), [](Probe& probe, std::size_t) {
    if (probe.order.purpose == Purpose::outlook) probe.invalid = "no more files";
  });
  const Tuning tuning = tuned(truth.rules(), target);
  ASSERT_EQ(tuning.probes.back().order.purpose, Purpose::outlook) << story(tuning);
  EXPECT_EQ(tuning.end, End::decided);
  EXPECT_EQ(tuning.failure, "");
  EXPECT_EQ(answer_of(tuning).badge, "FOUND");
}

TEST(TuneGoal, a_server_that_is_down_is_told_from_a_client_at_its_limit) {
  for (const Goal goal : {Goal::slo, Goal::knee}) {
    const Truth truth = fixed_queue(8, 0.0201, "p99<=200ms");
    Rules rules = truth.rules();
    rules.goal = goal;
    if (goal == Goal::knee) rules.slos.clear();
    Spoilt target(VirtualTarget({.slos = rules.slos}, truth.server(), 1),
                  [](Probe& probe, std::size_t number) {
                    for (Block& block : probe.blocks) block.failed = block.calls;
                    probe.client_limited = true;
                    if (number > 1) return;
                    // It failed so fast that all was over before the first block.
                    for (Block& block : probe.blocks) block.calls = block.failed = 0;
                    probe.too_short = true;
                    probe.invalid = "no call ended while it was measured";
                  });
    const Tuning tuning = tuned(rules, target);
    EXPECT_EQ(tuning.probes.size(), 2u) << story(tuning);
    const Answer answer = answer_of(tuning);
    EXPECT_EQ(answer.badge, "FAILED");
    EXPECT_THAT(answer.headline, HasSubstr("every call failed"));
    EXPECT_THAT(answer.remarks, Not(Contains(HasSubstr("the client"))));
  }
}

TEST(TuneGoal, a_probe_that_was_cut_off_has_no_faults) {
  const Truth truth = fixed_queue(8, 0.0201, "p99<=200ms");
  Spoilt target(VirtualTarget({.slos = truth.slos, .stop_after = 1}, truth.server(), 1),
                [](Probe& probe, std::size_t) {
                  probe.too_short = true;
                  probe.invalid = "no call ended while it was measured";
                });
  const Tuning tuning = tuned(truth.rules(), target);
  EXPECT_EQ(tuning.end, End::interrupted);
  EXPECT_EQ(tuning.probes.back().invalid, "");
  EXPECT_THAT(answer_of(tuning).headline, Not(HasSubstr("no call ended")));
}

}  // namespace
}  // namespace atonce::testing
