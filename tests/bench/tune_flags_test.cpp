/// For each flag a server that must raise it.

#include <gmock/gmock.h>

#include "bench/tune/answer.h"
#include "tests/bench/tune_run.h"

namespace atonce::testing {
namespace {

using namespace tune;
using namespace tune::sim;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

Truth server(std::function<std::unique_ptr<VirtualServer>()> make,
             const std::string& slo = "p99<=100ms") {
  return {.name = "trap", .slos = {parse_slo(slo)}, .server = std::move(make)};
}

/// Around `time` by a tenth, whatever it is.
double about(double time, Dice& dice) {
  return time * (0.9 + 0.2 * dice.uniform());
}

TEST(TuneFlags, none_for_a_plain_queue) {
  const Tuning tuning = tuned(fixed_queue(13, 0.0307, "p95<=150ms"), 3);
  EXPECT_EQ(tuning.end, End::decided);
  EXPECT_THAT(tuning.flags, ::testing::IsEmpty()) << story(tuning);
  ASSERT_TRUE(recommended(tuning)) << story(tuning);
  EXPECT_LE(*recommended(tuning), 52u);
  EXPECT_GE(*recommended(tuning), 44u) << story(tuning);
}

TEST(TuneFlags, none_in_range_where_no_level_fails) {
  Truth truth = server(
      [] { return loaded_server([](std::size_t, Dice& dice) { return about(0.02, dice); }); });
  truth.range.high = 64;
  const Tuning tuning = tuned(truth, 1);
  EXPECT_THAT(tuning.flags, Contains(Flag::none_in_range)) << story(tuning);
  EXPECT_EQ(tuning.boundary.low, 64u);
  EXPECT_FALSE(tuning.boundary.beyond);
  EXPECT_THAT(answer_of(tuning).remarks, Contains(HasSubstr("--range can go on")));
  Tuning cut = tuning;
  cut.rules.cut = "as this process may open 1024 files";
  EXPECT_THAT(answer_of(cut).remarks, Contains(HasSubstr("ends there, as this process may open")));
}

TEST(TuneFlags, fails_at_1_where_every_call_is_too_slow) {
  const Tuning tuning =
      tuned(server([] { return queue_server({.workers = 4, .service = fixed(0.15)}); }), 1);
  EXPECT_THAT(tuning.flags, Contains(Flag::fails_at_lowest)) << story(tuning);
  EXPECT_FALSE(recommended(tuning));
  EXPECT_EQ(tuning.boundary.beyond, 1u);
  EXPECT_EQ(name(Flag::fails_at_lowest, {.low = 1}), "fails-at-1");
  EXPECT_EQ(name(Flag::fails_at_lowest, {.low = 10}), "fails-at-lowest");
}

TEST(TuneFlags, cliff_where_nearly_all_are_refused_at_once) {
  // What is refused is back within 0.1 ms, so that one call too many fails thousands of times.
  const Tuning tuning = tuned(refusals(1013, 0.020, 0.0001, "errors<=1%"), 1);
  EXPECT_THAT(tuning.flags, Contains(Flag::cliff)) << story(tuning);
  // A refusal that takes as long as an answer costs no more than its own call.
  const Tuning smooth = tuned(refusals(310, 0.050, 0.050, "errors<=1%"), 1);
  EXPECT_THAT(smooth.flags, Not(Contains(Flag::cliff))) << story(smooth);
}

TEST(TuneFlags, cliff_where_times_jump) {
  const Tuning tuning = tuned(server([] {
                                return loaded_server([](std::size_t calls, Dice& dice) {
                                  return about(calls > 24 ? 0.4 : 0.04, dice);
                                });
                              }),
                              1);
  EXPECT_THAT(tuning.flags, Contains(Flag::cliff)) << story(tuning);
  EXPECT_LE(*tuning.boundary.low, 24u);
  EXPECT_GT(*tuning.boundary.beyond, 24u);
}

TEST(TuneFlags, undecided_band_where_the_budget_is_too_short) {
  const Truth truth = closed_queue(2, 0.010, 0, "p99<=100ms");
  Rules rules = truth.rules();
  rules.budget = Seconds(12);
  VirtualTarget target = truth.target(1);
  const Tuning tuning = tuned(rules, target);
  EXPECT_EQ(tuning.end, End::out_of_budget);
  EXPECT_THAT(tuning.flags, Contains(Flag::undecided_band)) << story(tuning);
  EXPECT_LE(tuning.used, rules.budget);
}

TEST(TuneFlags, client_limited_where_the_client_cannot_make_more_calls) {
  Truth truth = server(
      [] { return loaded_server([](std::size_t, Dice& dice) { return about(0.02, dice); }); });
  truth.client_rate = 800;  // 16 calls at once
  const Tuning tuning = tuned(truth, 1);
  EXPECT_THAT(tuning.flags, Contains(Flag::client_limited)) << story(tuning);
  EXPECT_THAT(tuning.flags, Not(Contains(Flag::undecided_band))) << story(tuning);
  ASSERT_TRUE(tuning.boundary.low) << story(tuning);
  EXPECT_LE(*tuning.boundary.low, 16u);
  EXPECT_FALSE(tuning.boundary.beyond) << "what fails is the client";
}

TEST(TuneFlags, stalls_where_nothing_is_answered_now_and_then) {
  const Tuning tuning = tuned(server(
                                  [] {
                                    return queue_server({.workers = 8,
                                                         .service = exponential(0.01),
                                                         .pauses = {.rate = 0.2, .length = 0.25}});
                                  },
                                  "p90<=100ms"),
                              1);
  EXPECT_THAT(tuning.flags, Contains(Flag::stalls)) << story(tuning);
}

TEST(TuneFlags, drift_where_a_cold_server_becomes_faster) {
  const Tuning tuning =
      tuned(server([] {
              return queue_server(
                  {.workers = 8, .service = fixed(0.01), .cold_until = 30, .cold_factor = 3});
            }),
            1);
  EXPECT_THAT(tuning.flags, Contains(Flag::drift)) << story(tuning);
  ASSERT_TRUE(tuning.boundary.low) << story(tuning);
  EXPECT_LE(*tuning.boundary.low, 80u);
}

TEST(TuneFlags, drift_where_a_server_stays_slow_after_an_overload) {
  const Tuning tuning = tuned(server([] { return sticky_server(0.03, 0.3, 20, 2); }), 1);
  EXPECT_THAT(tuning.flags, Contains(Flag::drift)) << story(tuning);
  EXPECT_LE(tuning.boundary.low.value_or(0), 20u) << story(tuning);
}

TEST(TuneFlags, non_monotone_where_a_lonely_call_is_slow) {
  const Tuning tuning = tuned(server([] {
                                return loaded_server([](std::size_t calls, Dice& dice) {
                                  return about(calls < 3 || calls > 40 ? 0.2 : 0.04, dice);
                                });
                              }),
                              1);
  EXPECT_THAT(tuning.flags, Contains(Flag::non_monotone)) << story(tuning);
  ASSERT_TRUE(tuning.boundary.low) << story(tuning);
  EXPECT_LE(*tuning.boundary.low, 40u);
  EXPECT_GE(*tuning.boundary.low, 30u);
}

TEST(TuneFlags, a_stop_leaves_what_is_known) {
  const Truth truth = closed_queue(8, 0.010, 0, "p99<=100ms");
  VirtualTarget target({.slos = truth.slos, .stop_after = 4}, truth.server(), 1);
  const Tuning tuning = tuned(truth.rules(), target);
  EXPECT_EQ(tuning.end, End::interrupted);
  EXPECT_EQ(tuning.probes.size(), 4u);
  EXPECT_THAT(tuning.flags, Contains(Flag::undecided_band));
  EXPECT_THAT(answer_of(tuning).remarks, Contains(HasSubstr("open above")));
}

}  // namespace
}  // namespace atonce::testing
