#include <gmock/gmock.h>

#include "tests/core/fake_play.h"

namespace atonce::testing {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

const Policy adaptive{.cap = 40, .limit = {.law = LimitLaw::aimd}};

TEST(DispatcherLimit, an_adaptive_limit_starts_low_and_opens_slots_as_it_rises) {
  Desk desk(batch(100, chain({1})), adaptive);
  const auto first = desk.take_all(0);
  ASSERT_THAT(first, SizeIs(10));
  for (const Attempt& attempt : first) desk.complete(attempt, 100);
  const auto second = desk.take_all(130);
  ASSERT_THAT(second, SizeIs(11));
  for (const Attempt& attempt : second) EXPECT_EQ(attempt.unblocked, at(100));
  EXPECT_EQ(desk.recorder.series().slices.back().limit, 11u);
}

TEST(DispatcherLimit, a_limit_that_is_cut_lets_in_none_until_enough_have_ended) {
  Desk desk(batch(100, chain({1})), adaptive);
  const auto first = desk.take_all(0);
  for (std::size_t i = 0; i < 9; ++i) desk.complete(first[i], 100, Outcome::read_timeout, 0);
  ASSERT_THAT(desk.take_all(100), SizeIs(9));
  desk.complete(first[9], 110, Outcome::read_timeout, 0);
  EXPECT_THAT(desk.take_all(110), IsEmpty()) << "nine of ten are let in now, and nine are out";
  EXPECT_EQ(desk.work.next_wake(), never);
}

TEST(DispatcherLimit, what_tells_nothing_of_the_load_does_not_move_an_adaptive_limit) {
  Desk desk(batch(100, chain({1})), adaptive);
  for (int round = 0; round < 3; ++round)
    for (const Attempt& attempt : desk.take_all(round))
      desk.complete(attempt, round, Outcome::http_status, 404);
  EXPECT_THAT(desk.take_all(3), SizeIs(10));
}

TEST(DispatcherLimit, a_closed_load_fills_the_slots_that_an_adaptive_limit_adds_from_when_it_does) {
  Schedule schedule = batch(0, chain({1}));
  schedule.closed = Schedule::Closed{.sessions = 100, .duration = Nanos{0}};
  Desk desk(schedule, adaptive);
  for (const Attempt& attempt : desk.take_all(0)) desk.complete(attempt, 100);
  const auto second = desk.take_all(150);
  ASSERT_THAT(second, SizeIs(11));
  for (const Attempt& attempt : second) EXPECT_EQ(attempt.due, at(100));
}

}  // namespace
}  // namespace atonce::testing
