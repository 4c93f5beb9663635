/// What a search does when something comes in between: the client, the time, slow or odd servers.

#include <gmock/gmock.h>

#include <algorithm>
#include <map>

#include "bench/tune/answer.h"
#include "bench/tune/sim/truth.h"
#include "tests/bench/tune_spoilt.h"

namespace atonce::testing {
namespace {

using namespace tune;
using namespace tune::sim;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

Truth fast_server(const std::string& slo = "p99<=100ms") {
  return {.name = "fast", .slos = {parse_slo(slo)}, .server = [] {
            return loaded_server(
                [](std::size_t, Dice& dice) { return 0.018 + 0.004 * dice.uniform(); });
          }};
}

Spoilt::Spoil client_limited_from(std::size_t level) {
  return [=](Probe& probe, std::size_t) { probe.client_limited = probe.order.level >= level; };
}

TEST(TuneClient, a_level_beyond_its_limit_is_not_tried_again) {
  for (const std::uint64_t seed : {1u, 2u, 3u}) {
    Truth truth = fast_server();
    truth.client_rate = 800;
    const Tuning tuning = tuned(truth, seed);
    EXPECT_EQ(tuning.end, End::decided) << story(tuning);
    EXPECT_LT(tuning.used, Seconds(90)) << story(tuning);
    EXPECT_THAT(tuning.flags, Contains(Flag::client_limited)) << story(tuning);
    EXPECT_FALSE(tuning.is_open);
    std::map<std::size_t, int> limited;
    for (const Probe& probe : tuning.probes)
      if (probe.client_limited) ++limited[probe.order.level];
    for (const auto& [level, times] : limited) EXPECT_EQ(times, 1) << level << story(tuning);
    EXPECT_THAT(answer_of(tuning).cause, HasSubstr("client CPU"));
  }
}

TEST(TuneClient, at_its_limit_from_the_first_is_an_answer_of_its_own) {
  for (const Goal goal : {Goal::slo, Goal::knee})
    for (const std::size_t low : {1u, 200u}) {
      Truth truth = fast_server();
      truth.range.low = low;
      Spoilt target(truth.target(1), client_limited_from(1));
      Rules rules = truth.rules();
      rules.goal = goal;
      if (goal == Goal::knee) rules.slos.clear();
      const Tuning tuning = tuned(rules, target);
      EXPECT_EQ(tuning.end, End::decided);
      EXPECT_EQ(tuning.probes.size(), 2u) << story(tuning);
      for (const Probe& probe : tuning.probes) EXPECT_EQ(probe.order.level, low);
      const Answer answer = answer_of(tuning);
      EXPECT_THAT(answer.headline, HasSubstr("the client was at its limit even at"));
      EXPECT_EQ(answer.badge, "CLIENT-LIMITED");
    }
}

TEST(TuneClient, is_no_end_where_the_server_was_proved_to_have_one) {
  const Truth truth{.name = "wall", .slos = {parse_slo("p99<=100ms")}, .server = [] {
                      return loaded_server([](std::size_t calls, Dice& dice) {
                        return (calls > 200 ? 0.2 : 0.02) * (0.9 + 0.2 * dice.uniform());
                      });
                    }};
  Spoilt target(truth.target(1), client_limited_from(300));
  const Tuning tuning = tuned(truth.rules(), target);
  ASSERT_TRUE(std::ranges::count(tuning.probes, true, &Probe::client_limited)) << story(tuning);
  ASSERT_TRUE(tuning.boundary.beyond) << story(tuning);
  EXPECT_THAT(tuning.flags, Not(Contains(Flag::client_limited)));
  EXPECT_THAT(answer_of(tuning).cause, Not(HasSubstr("client")));
}

TEST(TuneClient, is_no_end_as_long_as_there_is_room_below_its_limit) {
  Truth truth = fast_server("p99<=2s");
  Rules rules = truth.rules();
  rules.budget = Seconds(16);
  Spoilt target(truth.target(1), client_limited_from(400));
  const Tuning tuning = tuned(rules, target);
  EXPECT_EQ(tuning.end, End::out_of_budget) << story(tuning);
  ASSERT_TRUE(tuning.client_limit) << story(tuning);
  EXPECT_FALSE(answer_of(tuning).is_complete) << story(tuning);
  EXPECT_THAT(tuning.flags, Contains(Flag::undecided_band));
  EXPECT_THAT(tuning.flags, Not(Contains(Flag::client_limited)));
}

TEST(TuneBudget, a_search_that_was_cut_off_is_complete_only_when_it_is_narrow) {
  const Truth truth = closed_queue(8, 0.020, 0.020, "p90<=100ms");
  bool some_open = false;
  for (int budget = 8; budget < 110; budget += 3) {
    Rules rules = truth.rules();
    rules.budget = Seconds(budget);
    VirtualTarget target = truth.target(static_cast<std::uint64_t>(budget));
    const Tuning tuning = tuned(rules, target);
    EXPECT_LE(tuning.used, rules.budget) << story(tuning);
    const bool narrow = is_narrow(rules, tuning.boundary);
    if (tuning.end != End::out_of_budget) continue;
    EXPECT_EQ(answer_of(tuning).is_complete, narrow) << budget << story(tuning);
    EXPECT_TRUE(narrow || tuning.flags.contains(Flag::undecided_band));
    some_open |= !narrow && tuning.boundary.low && tuning.boundary.beyond;
  }
  EXPECT_TRUE(some_open) << "no budget left an interval that was too wide";
}

TEST(TuneBudget, a_level_that_only_looked_bad_does_not_end_the_search) {
  for (const std::uint64_t seed : {1u, 2u, 3u, 4u}) {
    // A few calls too many are late in the second probe, by chance.
    const Truth truth = fixed_queue(13, 0.0307, "p95<=150ms");
    Spoilt target(truth.target(seed), [](Probe& probe, std::size_t number) {
      if (number != 2) return;
      for (Block& block : probe.blocks) block.bad[0] = 3 * block.calls / 40;
    });
    const Tuning tuning = tuned(truth.rules(), target);
    const auto& [low, beyond] = tuning.boundary;
    ASSERT_TRUE(low && beyond) << story(tuning);
    EXPECT_LE(*low, truth.boundary) << story(tuning);
    EXPECT_GT(*beyond, truth.boundary) << story(tuning);
  }
}

TEST(TuneSlow, a_call_of_seconds_is_measured_with_longer_blocks) {
  const Truth truth{.name = "slow", .slos = {parse_slo("p99<=100ms")}, .server = [] {
                      return queue_server({.workers = 4, .service = fixed(5)});
                    }};
  const Tuning tuning = tuned(truth, 1);
  EXPECT_NE(tuning.end, End::failed) << answer_of(tuning).headline;
  ASSERT_GE(tuning.probes.size(), 2u);
  EXPECT_TRUE(tuning.probes[0].too_short);
  EXPECT_GE(tuning.probes[1].order.block, 2.9 * tuning.probes[0].order.block);
  EXPECT_THAT(tuning.flags, Contains(Flag::fails_at_lowest)) << story(tuning);
}

TEST(TuneSlow, as_long_as_calls_may_take_is_how_long_the_first_block_is) {
  const Truth truth{.name = "slow", .slos = {parse_slo("p90<=12s")}, .server = [] {
                      return queue_server({.workers = 8, .service = fixed(5)});
                    }};
  Rules rules = truth.rules();
  rules.budget = Seconds(1800);
  VirtualTarget target = truth.target(1);
  const Tuning tuning = tuned(rules, target);
  EXPECT_FALSE(tuning.probes[0].too_short);
  ASSERT_TRUE(tuning.boundary.low && tuning.boundary.beyond) << story(tuning);
  EXPECT_LE(*tuning.boundary.low, 16u) << story(tuning);
  EXPECT_GT(*tuning.boundary.beyond, 16u) << story(tuning);
}

TEST(TuneSlow, what_cannot_end_in_time_is_not_begun) {
  const Truth truth{.name = "stuck", .slos = {parse_slo("p99<=100ms")}, .server = [] {
                      return queue_server({.workers = 4, .service = fixed(500)});
                    }};
  const Tuning tuning = tuned(truth, 1);
  EXPECT_EQ(tuning.end, End::out_of_budget);
  EXPECT_LE(tuning.used, tuning.rules.budget);
  EXPECT_THAT(answer_of(tuning).headline, HasSubstr("no call ended"));
  EXPECT_FALSE(answer_of(tuning).is_complete);
}

TEST(TuneSearch, two_objectives_are_both_met) {
  const ClosedQueue queue{.workers = 8, .service = 0.010};
  Truth truth = closed_queue(8, 0.010, 0, "p99<=100ms");
  truth.slos.push_back(parse_slo("p50<=35ms"));
  truth.boundary = std::min(
      truth.boundary,
      highest_level([&](std::size_t level) { return queue.exceedance(level, 0.035); }, 0.5, 100));
  ASSERT_LT(truth.boundary, 40u) << "the second one is what limits it";
  int right = 0;
  for (const std::uint64_t seed : {1u, 2u, 3u, 4u, 5u}) {
    const Tuning tuning = tuned(truth, seed);
    const auto& [low, beyond] = tuning.boundary;
    right += low && beyond && *low <= truth.boundary && truth.boundary < *beyond;
    EXPECT_LE(tuning.spent, 0.05);
    EXPECT_GT(tuning.spent, 0);
    EXPECT_LT(tuning.estimate, static_cast<double>(beyond.value_or(1000))) << story(tuning);
  }
  EXPECT_GE(right, 4);
}

TEST(TuneSearch, an_answer_before_it_broke_off_stays_one) {
  const Truth truth = closed_queue(8, 0.010, 0, "p99<=100ms");
  const std::size_t whole = tuned(truth, 1).probes.size();
  bool seen = false;
  for (std::size_t good = 3; good < whole; ++good) {
    Spoilt target(truth.target(1), [=](Probe& probe, std::size_t number) {
      if (number > good) probe.invalid = "calls are missing";
    });
    const Tuning tuning = tuned(truth.rules(), target);
    if (tuning.end != End::failed) continue;
    const Answer answer = answer_of(tuning);
    EXPECT_THAT(answer.remarks, Contains(HasSubstr("probes could not be used: calls are missing")));
    EXPECT_EQ(answer.badge, !answer.level ? "FAILED" : answer.is_complete ? "FOUND" : "UNDECIDED");
    seen |= answer.level.has_value();
  }
  EXPECT_TRUE(seen);
}

}  // namespace
}  // namespace atonce::testing
