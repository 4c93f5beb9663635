/// The lowest level with nearly all of the throughput.

#include <gmock/gmock.h>

#include "bench/tune/answer.h"
#include "bench/tune/rates.h"
#include "tests/bench/tune_run.h"

namespace atonce::testing {
namespace {

using namespace tune;
using namespace tune::sim;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

Tuning knee_of(const Truth& truth, std::uint64_t seed, Rules rules = {.goal = Goal::knee}) {
  VirtualTarget target({.slos = rules.slos}, truth.server(), seed);
  return tuned(rules, target);
}

const Truth& plain() {
  static const Truth truth = closed_queue(8, 0.010, 0.040, "p99<=100ms");
  return truth;
}

TEST(TuneKnee, lies_in_its_interval) {
#ifdef ATONCE_SANITIZED
  constexpr std::uint64_t runs = 2;
#else
  constexpr std::uint64_t runs = 12;
#endif
  int all = 0, right = 0, closed = 0, too_low = 0;
  for (const Truth& truth :
       {plain(), closed_queue(4, 0.010, 0.020, "p99<=100ms"),
        closed_queue(32, 0.020, 0.020, "p99<=150ms"), fixed_queue(13, 0.0307, "p95<=150ms"),
        rate_limit(203, 0.020, "p99<=150ms"), contention(0, 0.002, 0.010, "p95<=100ms")})
    for (std::uint64_t seed = 0; seed < runs; ++seed) {
      const Tuning tuning = knee_of(truth, seed);
      ++all;
      ASSERT_TRUE(tuning.knee) << story(tuning);
      const auto& [low, beyond] = *tuning.knee;
      right += *low <= truth.knee && (!beyond || truth.knee < *beyond);
      closed += beyond.has_value();
      too_low += recommended(tuning).value_or(truth.knee) < truth.knee;
      EXPECT_LE(tuning.spent_on_knee, 0.05);
    }
  EXPECT_GE(right, 0.93 * all) << too_low << " too low";
  EXPECT_GE(closed, 0.8 * all);
}

TEST(TuneKnee, is_near_the_truth) {
  const Tuning tuning = knee_of(plain(), 1);
  ASSERT_TRUE(recommended(tuning)) << story(tuning);
  EXPECT_NEAR(static_cast<double>(*recommended(tuning)), static_cast<double>(plain().knee), 20)
      << story(tuning);
}

TEST(TuneKnee, is_not_known_while_more_calls_still_pay) {
  const Tuning tuning = knee_of(plain(), 1, {.goal = Goal::knee, .budget = Seconds(14)});
  EXPECT_EQ(tuning.end, End::out_of_budget);
  EXPECT_FALSE(tuning.knee && tuning.knee->beyond) << story(tuning);
  EXPECT_THAT(tuning.flags, Contains(Flag::undecided_band));
  const Answer answer = answer_of(tuning);
  EXPECT_FALSE(answer.is_complete);
  EXPECT_FALSE(answer.level);
  EXPECT_EQ(answer.badge, "UNDECIDED");
  EXPECT_THAT(answer.headline, HasSubstr("no level was proved to have 95 % of the highest"));
}

TEST(TuneKnee, of_a_range_that_ends_while_throughput_grows_is_called_so) {
  const Tuning tuning = knee_of(plain(), 1, {.goal = Goal::knee, .range = {.low = 1, .high = 16}});
  EXPECT_THAT(tuning.flags, Contains(Flag::still_growing)) << story(tuning);
  EXPECT_LE(recommended(tuning).value_or(0), 16u);
  EXPECT_GE(recommended(tuning).value_or(0), 15u) << story(tuning);
  EXPECT_THAT(answer_of(tuning).remarks, Contains(HasSubstr("still grows at 16")));
  Rules rules{.slos = plain().slos, .range = {.low = 1, .high = 16}};
  const Tuning other = knee_of(plain(), 1, rules);
  EXPECT_FALSE(other.knee && other.knee->beyond) << "said by the way it would mislead";
}

TEST(TuneKnee, beyond_the_reach_of_the_client_is_an_answer) {
  // Sixteen calls at once are all it can make; the server has room for 43.
  VirtualTarget target({.slos = {}, .most_rate = 300}, plain().server(), 1);
  const Tuning tuning = tuned({.goal = Goal::knee}, target);
  EXPECT_EQ(tuning.end, End::decided);
  EXPECT_EQ(tuning.flags, std::set{Flag::client_limited}) << story(tuning);
  const Answer answer = answer_of(tuning);
  EXPECT_TRUE(answer.is_complete);
  EXPECT_EQ(answer.badge, "FOUND");
  EXPECT_THAT(answer.headline, HasSubstr("is beyond the client's reach"));
  EXPECT_LE(answer.level.value_or(0), 17u) << story(tuning);
  EXPECT_GE(answer.level.value_or(0), 10u) << story(tuning);
}

TEST(TuneKnee, below_the_reach_of_the_client_is_found) {
  VirtualTarget target({.slos = {}, .most_rate = 2000},
                       contention(0.02, 0.002, 0.010, "p99<=150ms").server(), 1);
  const Tuning tuning = tuned({.goal = Goal::knee}, target);
  EXPECT_TRUE(tuning.knee && tuning.knee->beyond) << story(tuning);
  EXPECT_THAT(tuning.flags, Not(Contains(Flag::client_limited))) << story(tuning);
}

TEST(TuneKnee, lies_below_a_peak) {
  // Throughput is at its best at sqrt((1 - 0.02) / 0.002) = 22.
  const Tuning tuning = knee_of(contention(0.02, 0.002, 0.010, "p99<=150ms"), 1,
                                {.goal = Goal::max_throughput, .budget = Seconds(600)});
  ASSERT_TRUE(recommended(tuning)) << story(tuning);
  EXPECT_LE(*recommended(tuning), 24u) << story(tuning);
  EXPECT_GE(*recommended(tuning), 15u) << story(tuning);
}

TEST(TuneKnee, of_goodput_is_among_the_levels_that_meet) {
  // All workers are busy from 8 on; p99 is met up to 48.
  const Truth truth = closed_queue(8, 0.010, 0, "p99<=100ms");
  const Tuning tuning =
      knee_of(truth, 1, {.slos = truth.slos, .goal = Goal::goodput, .budget = Seconds(600)});
  ASSERT_TRUE(tuning.knee && tuning.knee->beyond) << story(tuning);
  EXPECT_LE(*recommended(tuning), truth.boundary);
  EXPECT_LE(*tuning.knee->low, 8u) << story(tuning);
  EXPECT_GE(*recommended(tuning), 8u) << story(tuning);
  EXPECT_LE(*recommended(tuning), 32u) << story(tuning);
}

TEST(TuneKnee, drift_is_seen_without_objectives_too) {
  const Truth cold{
      .name = "cold", .slos = {}, .server = [] {
        return queue_server(
            {.workers = 8, .service = fixed(0.01), .cold_until = 28, .cold_factor = 3});
      }};
  EXPECT_THAT(knee_of(cold, 1).flags, Contains(Flag::drift));
  EXPECT_THAT(knee_of(plain(), 1).flags, Not(Contains(Flag::drift)));
}

Curve curve_with(const std::map<std::size_t, std::uint64_t>& calls, std::size_t blocks) {
  Curve curve({});
  for (const auto& [level, count] : calls)
    curve.add({.order = {.level = level},
               .blocks = std::vector<Block>(blocks, Block{.span = Seconds(1), .calls = count})});
  return curve;
}

TEST(TuneRates, blocks_that_happen_to_agree_are_no_more_sure_than_to_a_call) {
  const Rates few(curve_with({{2, 9}, {8, 10}, {32, 10}}, 3), Rates::Of::ok_calls, 1000);
  EXPECT_GT(few.surprise(2, 0.95).below, 0.05);
  const Rates many(curve_with({{2, 900}, {8, 1000}, {32, 1000}}, 3), Rates::Of::ok_calls, 1000);
  EXPECT_LT(many.surprise(2, 0.95).below, 1e-4);
  EXPECT_LT(many.surprise(8, 0.95).above, 1e-4);
}

TEST(TuneRates, what_may_still_come_counts_unless_the_range_ends) {
  const Curve curve = curve_with({{4, 400}, {16, 1000}, {64, 1300}}, 12);
  const Rates goes_on(curve, Rates::Of::ok_calls, 1000), ends(curve, Rates::Of::ok_calls, 64);
  EXPECT_NEAR(*goes_on.still_to_come(), 0.1 / 1.3, 1e-9);
  EXPECT_GT(goes_on.surprise(64, 0.95).above, 0.5);
  EXPECT_LT(ends.surprise(64, 0.95).above, 1e-6);
}

}  // namespace
}  // namespace atonce::testing
