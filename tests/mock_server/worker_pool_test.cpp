#include "mock_server/worker_pool.h"

#include <gtest/gtest.h>

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
