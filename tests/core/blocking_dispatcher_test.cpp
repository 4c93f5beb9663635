#include "core/blocking_dispatcher.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "tests/core/fake_play.h"

namespace atonce::testing {
namespace {

using std::chrono::milliseconds;

/// A call that does nothing until its time is over or it is aborted.
class Sleeper : public Abortable {
 public:
  void arm() override { aborted_ = false; }
  void abort() override { aborted_ = true; }

  Sample carry(const Attempt& attempt, Nanos span) {
    Sample sample = attempt.begin_sample();
    const Instant until = now() + span;
    while (now() < until && !aborted_) std::this_thread::sleep_for(std::chrono::microseconds(50));
    sample.outcome = aborted_ ? Outcome::cancelled : Outcome::ok;
    sample.at.done = now();
    return sample;
  }

 private:
  std::atomic<bool> aborted_ = false;
};

struct Team {
  Schedule schedule;
  Recorder recorder;
  Dispatcher work;
  std::stop_source stop;

  Team(Schedule the_schedule, Policy policy)
      : schedule(std::move(the_schedule)), work(schedule, policy, recorder, now()) {}

  void play(std::size_t threads, Nanos span) {
    BlockingDispatcher desk(work, stop.get_token());
    std::vector<std::jthread> team;
    for (std::size_t i = 0; i < threads; ++i)
      team.emplace_back([&] {
        Sleeper sleeper;
        while (const auto attempt = desk.wait_next(sleeper))
          desk.complete(sleeper.carry(*attempt, span));
      });
  }
};

TEST(BlockingDispatcher, many_threads_play_everything_under_the_cap) {
  Team team(batch(60, chain({3, 2})), {.cap = 4});
  team.play(16, Nanos{});
  EXPECT_TRUE(team.work.finished());
  EXPECT_EQ(team.work.ledger().calls[index(Outcome::ok)], 300u);
  EXPECT_LE(team.recorder.peak_in_flight(), 4u);
}

TEST(BlockingDispatcher, arrivals_are_served_by_waiting_threads_and_never_early) {
  Schedule schedule = batch(40, chain({1}));
  for (std::size_t i = 0; i < 40; ++i) schedule.arrivals[i].due = milliseconds(i);
  Team team(schedule, {});
  team.play(8, Nanos{});
  ASSERT_EQ(team.recorder.attempts().size(), 40u);
  for (const Sample& sample : team.recorder.attempts())
    EXPECT_GE(sample.at.admitted, sample.at.due);
}

TEST(BlockingDispatcher, a_retry_due_before_the_next_arrival_is_not_overslept) {
  Schedule schedule = batch(2, chain({1}));
  schedule.arrivals[1].due = std::chrono::seconds(20);
  Policy policy;
  policy.retry = {.max_attempts = 2, .base = milliseconds(5)};
  Team team(schedule, policy);
  BlockingDispatcher desk(team.work, team.stop.get_token());
  Sleeper first_carrier;
  const auto first = desk.wait_next(first_carrier);
  std::atomic<bool> retried = false;
  // Both threads sleep before the failure comes: one of them holds the timer of the far arrival.
  std::vector<std::jthread> waiters;
  for (int i = 0; i < 2; ++i)
    waiters.emplace_back([&] {
      Sleeper carrier;
      while (const auto attempt = desk.wait_next(carrier)) {
        retried = retried || attempt->id.attempt == 1;
        desk.complete(carrier.carry(*attempt, Nanos{}));
        team.stop.request_stop();
      }
    });
  std::this_thread::sleep_for(milliseconds(20));
  Sample failed = first->begin_sample();
  failed.outcome = Outcome::reset;
  failed.at.done = now();
  desk.complete(failed);
  waiters.clear();
  EXPECT_TRUE(retried);
  EXPECT_LT(now() - first->admitted, std::chrono::seconds(15));
}

TEST(BlockingDispatcher, stop_aborts_what_is_in_flight_and_releases_all_threads) {
  Team team(batch(100, chain({1})), {.cap = 4});
  std::jthread stopper([&] {
    std::this_thread::sleep_for(milliseconds(20));
    team.stop.request_stop();
  });
  team.play(8, std::chrono::minutes(5));
  EXPECT_TRUE(team.work.finished());
  EXPECT_EQ(team.work.ledger().calls[index(Outcome::unfinished)], 100u);
  EXPECT_TRUE(team.work.ledger().conserved());
}

TEST(BlockingDispatcher, a_stop_requested_before_the_run_starts_nothing) {
  Team team(batch(3, chain({1})), {});
  team.stop.request_stop();
  team.play(2, Nanos{});
  EXPECT_EQ(team.recorder.attempt_count(), 0u);
  EXPECT_TRUE(team.work.ledger().conserved());
}

TEST(BlockingDispatcher, fail_fast_aborts_a_sibling_on_another_thread) {
  Policy policy;
  policy.on_error = ErrorPolicy::fail_fast;
  Team team(batch(1, chain({2})), policy);
  BlockingDispatcher desk(team.work, team.stop.get_token());
  Sleeper failing, sibling;
  const auto first = desk.wait_next(failing);
  const auto second = desk.wait_next(sibling);
  std::jthread other([&] { desk.complete(sibling.carry(*second, std::chrono::minutes(5))); });
  Sample failed = first->begin_sample();
  failed.outcome = Outcome::reset;
  failed.at.done = now();
  desk.complete(failed);
  other.join();
  EXPECT_EQ(team.work.ledger().calls[index(Outcome::cancelled)], 1u);
}

}  // namespace
}  // namespace atonce::testing
