#include "mock_server/worker_pool.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <optional>
#include <queue>
#include <random>

namespace atonce::mock {
namespace {

using namespace std::chrono_literals;

struct FakeWaiter : WorkerPool::Waiter {
  void on_turn(const Turn& given) override { turn = given; }
  std::optional<Turn> turn;
};

constexpr Instant at(Nanos since_start) {
  return from_ns(1'000'000'000) + since_start;
}

TEST(WorkerPool, serves_at_once_while_a_worker_is_free) {
  WorkerPool pool(2, unlimited);
  FakeWaiter a, b, c;
  EXPECT_EQ(pool.enter(a, at(0ms)).entry, WorkerPool::Entry::served);
  const auto second = pool.enter(b, at(1ms));
  EXPECT_EQ(second.entry, WorkerPool::Entry::served);
  EXPECT_EQ(second.turn.start, at(1ms));
  EXPECT_EQ(second.turn.in_flight, 2u);
  EXPECT_EQ(pool.enter(c, at(2ms)).entry, WorkerPool::Entry::waiting);
}

TEST(WorkerPool, hands_a_worker_on_at_the_instant_at_which_it_is_freed) {
  WorkerPool pool(1, unlimited);
  FakeWaiter a, b;
  pool.enter(a, at(0ms));
  pool.enter(b, at(1ms));
  pool.leave(a, at(10ms));
  ASSERT_TRUE(b.turn);
  EXPECT_EQ(b.turn->start, at(10ms));
  EXPECT_EQ(b.turn->in_flight, 1u);
}

TEST(WorkerPool, refuses_when_the_queue_is_full) {
  WorkerPool pool(1, 1);
  FakeWaiter a, b, c;
  pool.enter(a, at(0ms));
  EXPECT_EQ(pool.enter(b, at(0ms)).entry, WorkerPool::Entry::waiting);
  EXPECT_EQ(pool.enter(c, at(0ms)).entry, WorkerPool::Entry::refused);
  pool.leave(a, at(1ms));
  EXPECT_EQ(pool.enter(c, at(2ms)).entry, WorkerPool::Entry::waiting);
}

TEST(WorkerPool, a_waiter_that_gives_up_is_passed_over) {
  WorkerPool pool(1, unlimited);
  FakeWaiter a, b, c;
  pool.enter(a, at(0ms));
  pool.enter(b, at(0ms));
  pool.enter(c, at(0ms));
  pool.leave(b, at(1ms));
  pool.leave(a, at(2ms));
  EXPECT_FALSE(b.turn);
  ASSERT_TRUE(c.turn);
  EXPECT_EQ(c.turn->start, at(2ms));
}

TEST(WorkerPool, a_worker_comes_back_when_its_attempt_gives_up_in_service) {
  WorkerPool pool(1, 0);
  FakeWaiter a, b;
  pool.enter(a, at(0ms));
  pool.leave(a, at(1ms));
  EXPECT_EQ(pool.enter(b, at(1ms)).entry, WorkerPool::Entry::served);
}

TEST(WorkerPool, workers_that_go_finish_what_they_have) {
  WorkerPool pool(2, unlimited, {{.at = 10ms, .workers = 1}});
  FakeWaiter a, b, c, d;
  pool.enter(a, at(0ms));
  pool.enter(b, at(0ms));
  pool.enter(c, at(1ms));
  pool.enter(d, at(2ms));
  pool.leave(a, at(10ms));
  EXPECT_FALSE(c.turn) << "one worker is left, and busy";
  pool.leave(b, at(15ms));
  ASSERT_TRUE(c.turn);
  EXPECT_EQ(c.turn->start, at(15ms));
  EXPECT_EQ(c.turn->in_flight, 2u);
  EXPECT_FALSE(d.turn);
}

TEST(WorkerPool, workers_that_come_take_what_waits_at_the_next_event) {
  WorkerPool pool(1, unlimited, {{.at = 10ms, .workers = 3}});
  FakeWaiter a, b, c, d, e;
  pool.enter(a, at(0ms));
  for (FakeWaiter* waiter : {&b, &c, &d}) pool.enter(*waiter, at(1ms));
  EXPECT_EQ(pool.enter(e, at(12ms)).entry, WorkerPool::Entry::waiting);
  ASSERT_TRUE(b.turn && c.turn);
  EXPECT_EQ(b.turn->start, at(12ms));
  EXPECT_EQ(c.turn->start, at(12ms));
  EXPECT_FALSE(d.turn);
  pool.leave(a, at(13ms));
  ASSERT_TRUE(d.turn);
  EXPECT_FALSE(e.turn);
}

TEST(WorkerPool, one_that_gives_up_when_workers_come_is_not_given_one) {
  WorkerPool pool(1, unlimited, {{.at = 10ms, .workers = 2}});
  FakeWaiter a, b, c;
  pool.enter(a, at(0ms));
  pool.enter(b, at(1ms));
  pool.enter(c, at(1ms));
  pool.leave(b, at(11ms));
  EXPECT_FALSE(b.turn);
  EXPECT_TRUE(c.turn);
}

TEST(WorkerPool, changes_count_from_the_first_arrival_after_a_reset_in_its_scale) {
  WorkerPool pool(1, 0, {{.at = 10ms, .workers = 2}, {.at = 20ms, .workers = 1}});
  const auto served = [&](Nanos when) {
    FakeWaiter probe;
    const bool is_served = pool.enter(probe, at(when)).entry == WorkerPool::Entry::served;
    if (is_served) pool.leave(probe, at(when));
    return is_served;
  };
  FakeWaiter first, second;
  pool.enter(first, at(100ms));
  EXPECT_FALSE(served(109ms));
  EXPECT_TRUE(served(110ms));
  EXPECT_FALSE(served(120ms));
  pool.leave(first, at(121ms));
  pool.reset(0.5);
  pool.enter(second, at(200ms));
  EXPECT_FALSE(served(204ms));
  EXPECT_TRUE(served(205ms));
  EXPECT_FALSE(served(210ms));
}

/// However many come and go: no more at once than there are workers, nobody is forgotten.
TEST(WorkerPool, keeps_count_through_random_changes) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    std::mt19937 random(seed);
    std::vector<CapacityChange> changes;
    for (int i = 1; i <= 6; ++i) changes.push_back({i * 20ms, 1 + random() % 5});
    WorkerPool pool(3, unlimited, changes);
    std::vector<FakeWaiter> waiters(120);
    std::vector<FakeWaiter*> served;
    std::deque<FakeWaiter*> waiting;
    std::size_t workers = 3;
    const auto note_turns = [&] {
      while (!waiting.empty() && waiting.front()->turn) {
        served.push_back(waiting.front());
        waiting.pop_front();
      }
    };
    for (std::size_t i = 0; i < waiters.size(); ++i) {
      const Nanos when = static_cast<std::int64_t>(i) * 1ms;
      const std::size_t before = served.size();
      if (pool.enter(waiters[i], at(when)).entry == WorkerPool::Entry::served)
        served.push_back(&waiters[i]);
      else
        waiting.push_back(&waiters[i]);
      note_turns();
      for (const CapacityChange& change : changes)
        if (change.at <= when) workers = change.workers;
      ASSERT_LE(served.size(), std::max(before, workers)) << "seed " << seed;
      if (served.empty() || random() % 3 == 0) continue;
      pool.leave(*served.front(), at(when));
      served.erase(served.begin());
      note_turns();
    }
    while (!served.empty()) {
      pool.leave(*served.front(), at(1s));
      served.erase(served.begin());
      note_turns();
    }
    ASSERT_TRUE(waiting.empty()) << "seed " << seed;
  }
}

/// Plays a whole arrival process on a virtual clock and returns the mean wait. Checks on the way
/// that service is in order of arrival.
double mean_wait(std::size_t workers, const std::vector<Nanos>& arrivals,
                 const std::vector<Nanos>& services) {
  struct End {
    Instant when;
    std::size_t customer;
    bool operator<(const End& other) const { return when > other.when; }
  };
  WorkerPool pool(workers, unlimited);
  std::vector<FakeWaiter> customers(arrivals.size());
  std::priority_queue<End> ends;
  std::size_t arrived = 0, started = 0;
  double waited = 0;
  const auto start = [&](std::size_t customer, Instant when) {
    EXPECT_EQ(customer, started++);
    waited += static_cast<double>((when - at(arrivals[customer])).count());
    ends.push({when + services[customer], customer});
  };
  while (arrived < arrivals.size() || !ends.empty()) {
    if (arrived < arrivals.size() && (ends.empty() || at(arrivals[arrived]) < ends.top().when)) {
      const auto admission = pool.enter(customers[arrived], at(arrivals[arrived]));
      if (admission.entry == WorkerPool::Entry::served) start(arrived, admission.turn.start);
      ++arrived;
      continue;
    }
    const End end = ends.top();
    ends.pop();
    pool.leave(customers[end.customer], end.when);
    if (started < arrived) start(started, customers[started].turn.value().start);
  }
  return waited / static_cast<double>(arrivals.size());
}

std::vector<Nanos> poisson_arrivals(double rate, std::size_t count) {
  std::mt19937_64 random(1);
  std::exponential_distribution<double> gap(rate);
  std::vector<Nanos> arrivals;
  double time = 0;
  for (std::size_t i = 0; i < count; ++i) {
    arrivals.emplace_back(static_cast<std::int64_t>(1e9 * (time += gap(random))));
  }
  return arrivals;
}

TEST(WorkerPool, with_one_worker_and_fixed_service_the_wait_is_pollaczek_and_khinchins) {
  const double load = 0.7, service = 0.001;
  const auto arrivals = poisson_arrivals(load / service, 200'000);
  const double expected = load * service / (2 * (1 - load));  // M/D/1
  const double measured = 1e-9 * mean_wait(1, arrivals, std::vector<Nanos>(arrivals.size(), 1ms));
  EXPECT_NEAR(measured, expected, 0.05 * expected);
}

TEST(WorkerPool, with_many_workers_and_exponential_service_the_wait_is_erlangs) {
  const std::size_t workers = 4;
  const double service = 0.001, offered = 3.2;
  const auto arrivals = poisson_arrivals(offered / service, 300'000);
  std::mt19937_64 random(2);
  std::exponential_distribution<double> length(1 / service);
  std::vector<Nanos> services;
  for (std::size_t i = 0; i < arrivals.size(); ++i) {
    services.emplace_back(static_cast<std::int64_t>(1e9 * length(random)));
  }
  double term = 1, sum = 0;  // Erlang C: the probability to wait in M/M/4
  for (std::size_t k = 0; k < workers; ++k) {
    sum += term;
    term *= offered / static_cast<double>(k + 1);
  }
  const double spare = static_cast<double>(workers) - offered;
  const double last = term * static_cast<double>(workers) / spare;
  const double expected = last / (sum + last) * service / spare;
  EXPECT_NEAR(1e-9 * mean_wait(workers, arrivals, services), expected, 0.05 * expected);
}

}  // namespace
}  // namespace atonce::mock
