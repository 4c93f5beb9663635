#include "core/dispatcher.h"

#include <gmock/gmock.h>

#include "tests/core/fake_play.h"

namespace atonce::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Policy with_cap(std::size_t cap) {
  return {.cap = cap};
}

TEST(Dispatcher, hands_out_no_more_than_the_cap) {
  Desk desk(batch(5, chain({1})), with_cap(2));
  const auto first = desk.take_all(0);
  ASSERT_THAT(first, SizeIs(2));
  desk.complete(first[1], 10);
  EXPECT_THAT(desk.take_all(10), SizeIs(1));
}

TEST(Dispatcher, never_hands_out_before_due) {
  Schedule schedule = batch(2, chain({1}));
  schedule.arrivals[1].due = Nanos{100};
  Desk desk(schedule);
  EXPECT_THAT(desk.take_all(99), SizeIs(1));
  EXPECT_EQ(desk.work.next_wake(), at(100));
  EXPECT_THAT(desk.take_all(100), SizeIs(1));
}

TEST(Dispatcher, opens_a_stage_when_all_calls_before_it_are_done) {
  Desk desk(batch(1, chain({2, 1})));
  const auto first = desk.take_all(0);
  desk.complete(first[0], 10);
  EXPECT_THAT(desk.take_all(10), IsEmpty());
  desk.complete(first[1], 25);
  const auto second = desk.take_all(30);
  ASSERT_THAT(second, SizeIs(1));
  EXPECT_EQ(second[0].id.call, 2);
  EXPECT_EQ(second[0].ready, at(25)) << "ready when the stage opened, not when it was asked for";
}

TEST(Dispatcher, opens_independent_stages_together_and_joins_them) {
  SessionPlan diamond = chain({1, 1, 1, 1});
  diamond.stages[2].after = {0};
  diamond.stages[3].after = {1, 2};
  Desk desk(batch(1, diamond));
  desk.complete(desk.take_all(0)[0], 10);
  const auto middle = desk.take_all(10);
  ASSERT_THAT(middle, SizeIs(2));
  desk.complete(middle[0], 20);
  EXPECT_THAT(desk.take_all(20), IsEmpty());
  desk.complete(middle[1], 30);
  EXPECT_THAT(desk.take_all(30), SizeIs(1));
}

TEST(Dispatcher, passes_through_empty_stages_and_empty_sessions) {
  Desk desk(batch(2, chain({0, 1, 0})));
  for (const auto& attempt : desk.take_all(0)) desk.complete(attempt, 5);
  EXPECT_TRUE(desk.work.finished());
  EXPECT_EQ(desk.recorder.sessions_ok(), 2u);

  Desk empty(batch(3, chain({})));
  EXPECT_THAT(empty.take_all(0), IsEmpty());
  EXPECT_TRUE(empty.work.finished());
}

TEST(Dispatcher, finished_when_there_is_nothing_to_do) {
  Desk desk(batch(0, chain({1})));
  EXPECT_TRUE(desk.work.finished());
  EXPECT_TRUE(desk.work.ledger().conserved());
}

TEST(Dispatcher, unblocked_is_when_the_slot_became_free_not_when_it_was_taken) {
  Desk desk(batch(3, chain({1})), with_cap(2));
  const auto first = desk.take_all(0);
  desk.complete(first[0], 10);
  desk.complete(first[1], 20);
  const auto third = desk.take_all(50);
  ASSERT_THAT(third, SizeIs(1));
  EXPECT_EQ(third[0].unblocked, at(10));
  EXPECT_EQ(third[0].admitted, at(50));
}

TEST(Dispatcher, earlier_ready_calls_go_first_across_sessions) {
  Schedule schedule = batch(2, chain({1, 1}));
  schedule.arrivals[1].due = Nanos{5};
  Desk desk(schedule, with_cap(1));
  const auto first = desk.take_all(0);
  desk.complete(first[0], 10);
  const auto next = desk.take_all(10);
  ASSERT_THAT(next, SizeIs(1));
  EXPECT_EQ(next[0].id.session, 1u) << "due at 5, before stage two of session 0 opened at 10";
}

TEST(Dispatcher, retries_after_the_back_off_and_frees_the_slot_meanwhile) {
  Policy policy = with_cap(1);
  policy.retry = {.max_attempts = 3, .base = Nanos{100}, .factor = 2, .jitter = 0};
  Desk desk(batch(2, chain({1})), policy);
  desk.complete(desk.take_all(0)[0], 10, Outcome::reset, 0);
  const auto other = desk.take_all(10);
  ASSERT_THAT(other, SizeIs(1));
  EXPECT_EQ(other[0].id.session, 1u);
  desk.complete(other[0], 20);
  EXPECT_EQ(desk.work.next_wake(), at(110));
  const auto second = desk.take_all(110);
  ASSERT_THAT(second, SizeIs(1));
  EXPECT_EQ(second[0].id.attempt, 1);
  EXPECT_EQ(second[0].ready, at(110));
  desk.complete(second[0], 120, Outcome::http_status, 503);
  const auto third = desk.take_all(320);
  ASSERT_THAT(third, SizeIs(1));
  desk.complete(third[0], 330, Outcome::reset, 0);
  EXPECT_TRUE(desk.work.finished());
  EXPECT_EQ(desk.calls(Outcome::reset), 1u);
  EXPECT_EQ(desk.recorder.attempt_count(), 4u);
}

TEST(Dispatcher, does_not_retry_what_another_try_cannot_help) {
  Policy policy;
  policy.retry.max_attempts = 3;
  Desk desk(batch(1, chain({1})), policy);
  desk.complete(desk.take_all(0)[0], 10, Outcome::http_status, 404);
  EXPECT_TRUE(desk.work.finished());
}

TEST(Dispatcher, gives_up_when_the_back_off_would_outlast_the_deadline) {
  Policy policy;
  policy.call_deadline = Nanos{50};
  policy.retry = {.max_attempts = 2, .base = Nanos{100}};
  Desk desk(batch(1, chain({1})), policy);
  desk.complete(desk.take_all(0)[0], 10, Outcome::reset, 0);
  EXPECT_EQ(desk.calls(Outcome::reset), 1u);
  EXPECT_TRUE(desk.work.finished());
}

TEST(Dispatcher, an_attempt_gives_up_at_the_earlier_of_time_out_and_deadline) {
  Policy policy = with_cap(1);
  policy.attempt_timeout = Nanos{40};
  policy.call_deadline = Nanos{100};
  Desk desk(batch(2, chain({1})), policy);
  const Attempt first = desk.take_all(0)[0];
  EXPECT_EQ(first.give_up_at, at(40));
  EXPECT_EQ(first.give_up_outcome(true), Outcome::read_timeout);
  EXPECT_EQ(first.give_up_outcome(false), Outcome::connect_timeout);
  desk.complete(first, 70, Outcome::read_timeout);
  const Attempt second = desk.take_all(70)[0];
  EXPECT_EQ(second.give_up_at, at(100));
  EXPECT_EQ(second.give_up_outcome(true), Outcome::deadline);
}

TEST(Dispatcher, a_call_that_waited_past_its_deadline_is_never_sent) {
  Policy policy = with_cap(1);
  policy.call_deadline = Nanos{100};
  Desk desk(batch(2, chain({1})), policy);
  desk.complete(desk.take_all(0)[0], 150, Outcome::ok);
  EXPECT_THAT(desk.take_all(150), IsEmpty());
  EXPECT_EQ(desk.calls(Outcome::deadline), 1u);
  EXPECT_EQ(desk.recorder.calls().back().done, at(100));
  EXPECT_TRUE(desk.work.finished());
}

TEST(Dispatcher, collect_lets_siblings_and_later_stages_go_on) {
  Desk desk(batch(1, chain({2, 1})));
  const auto first = desk.take_all(0);
  desk.complete(first[0], 10, Outcome::http_status, 500);
  EXPECT_THAT(desk.work.take_aborts(), IsEmpty());
  desk.complete(first[1], 20);
  EXPECT_THAT(desk.take_all(20), SizeIs(1));
}

TEST(Dispatcher, fail_fast_aborts_siblings_in_flight_and_never_sends_the_rest) {
  Policy policy = with_cap(3);
  policy.on_error = ErrorPolicy::fail_fast;
  Desk desk(batch(1, chain({4, 2})), policy);
  const auto first = desk.take_all(0);
  ASSERT_THAT(first, SizeIs(3));
  desk.complete(first[0], 10, Outcome::http_status, 500);
  EXPECT_THAT(desk.work.take_aborts(), ElementsAre(first[1].slot, first[2].slot));
  EXPECT_THAT(desk.work.take_aborts(), IsEmpty()) << "each is named once";
  EXPECT_THAT(desk.take_all(10), IsEmpty());
  desk.complete(first[1], 11, Outcome::cancelled, 0);
  desk.complete(first[2], 12, Outcome::ok);
  EXPECT_TRUE(desk.work.finished());
  EXPECT_EQ(desk.calls(Outcome::cancelled), 4u);
  EXPECT_EQ(desk.calls(Outcome::ok), 1u) << "it was faster than the abort";
  EXPECT_TRUE(desk.work.ledger().conserved());
}

TEST(Dispatcher, fail_fast_leaves_other_sessions_alone) {
  Policy policy;
  policy.on_error = ErrorPolicy::fail_fast;
  Desk desk(batch(2, chain({2})), policy);
  const auto all = desk.take_all(0);
  desk.complete(all[0], 10, Outcome::reset, 0);
  EXPECT_THAT(desk.work.take_aborts(), ElementsAre(all[1].slot));
}

TEST(Dispatcher, stop_ends_everything_as_unfinished) {
  Desk desk(batch(4, chain({2, 1})), with_cap(3));
  const auto taken = desk.take_all(0);
  desk.work.stop(at(5));
  desk.work.stop(at(6));
  EXPECT_THAT(desk.work.take_aborts(), SizeIs(3));
  EXPECT_THAT(desk.take_all(7), IsEmpty());
  for (const auto& attempt : taken) desk.complete(attempt, 8, Outcome::cancelled, 0);
  EXPECT_TRUE(desk.work.finished());
  EXPECT_EQ(desk.calls(Outcome::unfinished), 12u);
  EXPECT_EQ(desk.recorder.attempt_outcomes()[index(Outcome::unfinished)], 3u);
  EXPECT_TRUE(desk.work.ledger().conserved());
}

TEST(Dispatcher, closed_load_starts_a_session_when_a_slot_is_free) {
  Schedule schedule = batch(0, chain({1}));
  schedule.closed = Schedule::Closed{.sessions = 3, .duration = {}};
  Desk desk(schedule, with_cap(2));
  const auto first = desk.take_all(0);
  ASSERT_THAT(first, SizeIs(2));
  desk.complete(first[0], 40);
  const auto third = desk.take_all(45);
  ASSERT_THAT(third, SizeIs(1));
  EXPECT_EQ(third[0].due, at(40)) << "due when the slot became free";
  desk.complete(third[0], 60);
  desk.complete(first[1], 70);
  EXPECT_TRUE(desk.work.finished());
  EXPECT_EQ(desk.work.ledger().scheduled, 3u);
}

TEST(Dispatcher, closed_load_ends_with_its_duration) {
  Schedule schedule = batch(0, chain({1}));
  schedule.closed = Schedule::Closed{.sessions = 0, .duration = Nanos{100}};
  Desk desk(schedule, with_cap(1));
  desk.complete(desk.take_all(0)[0], 99);
  const auto last = desk.take_all(99);
  ASSERT_THAT(last, SizeIs(1));
  desk.complete(last[0], 130);
  EXPECT_THAT(desk.take_all(130), IsEmpty());
  EXPECT_TRUE(desk.work.finished());
  EXPECT_TRUE(desk.work.ledger().conserved());
}

TEST(Dispatcher, a_big_batch_is_opened_session_by_session) {
  Desk desk(batch(100'000, chain({1})), with_cap(2));
  EXPECT_THAT(desk.take_all(0), ElementsAre(::testing::Field(&Attempt::slot, 0u),
                                            ::testing::Field(&Attempt::slot, 1u)));
}

TEST(Dispatcher, a_call_keeps_its_slot_until_its_step_is_over) {
  Desk desk(batch(2, chain({1})), {.cap = 1});
  const auto first = desk.take_all(0);
  ASSERT_EQ(first.size(), 1u);
  Sample sample = first[0].begin_sample();
  sample.outcome = Outcome::ok;
  sample.at.done = at(10);
  sample.at.processed = at(25);
  desk.work.complete(sample);
  const auto second = desk.take_all(30);
  ASSERT_EQ(second.size(), 1u);
  EXPECT_EQ(second[0].unblocked, at(25));
  EXPECT_EQ(desk.recorder.calls()[0].done, at(25));
  EXPECT_EQ(desk.recorder.metric(Metric::processing).ok.max(), Nanos{15});
}

TEST(Dispatcher, slots_held_in_time_agree_with_the_samples) {
  Desk desk(batch(3, chain({1})), {.cap = 2});
  auto taken = desk.take_all(0);
  ASSERT_EQ(taken.size(), 2u);
  desk.complete(taken[0], 100);
  taken.push_back(desk.take_all(100).front());
  desk.complete(taken[1], 150);
  desk.take_all(150);
  desk.complete(taken[2], 300);
  desk.take_all(300);
  EXPECT_EQ(desk.recorder.occupancy().handed_out, Nanos{100 + 150 + 200});
  EXPECT_EQ(desk.recorder.occupancy().sampled, Nanos{100 + 150 + 200});
}

TEST(Dispatcher, a_slot_that_is_given_back_late_was_held_until_then) {
  Desk desk(batch(1, chain({1})));
  const auto taken = desk.take_all(0);
  desk.complete(taken[0], 100);
  desk.take_all(400);
  EXPECT_EQ(desk.recorder.occupancy().handed_out, Nanos{400});
  EXPECT_EQ(desk.recorder.occupancy().sampled, Nanos{100});
}

}  // namespace
}  // namespace atonce::testing
