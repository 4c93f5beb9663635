/// Routes of limited capacity, over the wire.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/mock_server/served.h"

namespace atonce::mock {
namespace {

using namespace std::chrono_literals;

Instant start_of(const AttemptTruth& truth) {
  return truth.arrived + truth.queued;
}

std::vector<AttemptTruth> by_arrival(std::vector<AttemptTruth> log) {
  std::ranges::sort(log, {}, &AttemptTruth::arrived);
  return log;
}

TEST(Capacity, services_follow_each_other_in_order_of_arrival_without_a_gap) {
  const Served served("routes: [{path: /a, capacity: {workers: 1, service: 5ms}}]");
  std::vector<RawClient> clients;
  for (int i = 0; i < 10; ++i) clients.emplace_back(served.port());
  for (RawClient& client : clients) client.send_get("/a");
  for (RawClient& client : clients) EXPECT_EQ(client.receive().status, 200);
  const auto log = by_arrival(served.truth());
  ASSERT_EQ(log.size(), 10u);
  for (std::size_t i = 1; i < log.size(); ++i) {
    const Instant freed = start_of(log[i - 1]) + log[i - 1].planned;
    EXPECT_EQ(start_of(log[i]), std::max(freed, log[i].arrived));
    EXPECT_GE(log[i].first_write, start_of(log[i]) + log[i].planned);
  }
}

TEST(Capacity, no_more_attempts_are_served_at_once_than_there_are_workers) {
  const Served served(
      "threads: 2\nroutes: [{path: /a, capacity: {workers: 3, service: {exponential: 3ms}}}]");
  std::vector<RawClient> clients;
  for (int i = 0; i < 30; ++i) clients.emplace_back(served.port());
  for (RawClient& client : clients) client.send_get("/a");
  for (RawClient& client : clients) EXPECT_EQ(client.receive().status, 200);
  const auto log = served.truth();
  for (const AttemptTruth& truth : log) {
    const auto served_with_it = std::ranges::count_if(log, [&](const AttemptTruth& other) {
      return start_of(other) <= start_of(truth) &&
             start_of(truth) < start_of(other) + other.planned;
    });
    EXPECT_LE(served_with_it, 3);
  }
}

TEST(Capacity, thirty_jobs_of_ten_milliseconds_on_three_workers_take_a_hundred) {
  const Served served("routes: [{path: /a, capacity: {workers: 3, service: 10ms}}]");
  std::vector<RawClient> clients;
  for (int i = 0; i < 30; ++i) clients.emplace_back(served.port());
  for (RawClient& client : clients) client.send_get("/a");
  for (RawClient& client : clients) EXPECT_EQ(client.receive().status, 200);
  const auto log = by_arrival(served.truth());
  Instant last_end = unset;
  for (const AttemptTruth& truth : log)
    last_end = std::max(last_end, start_of(truth) + truth.planned);
  EXPECT_GE(last_end - log.front().arrived, 100ms);
  // The last of them all came at the latest when the first was served: then nobody ever idled.
  if (log.back().arrived - log.front().arrived < 10ms) {
    EXPECT_LE(last_end - log.back().arrived, 100ms);
  }
}

TEST(Capacity, workers_come_in_mid_run_and_are_gone_after_a_reset) {
  const Served served(
      "time_scale: 0.1\n"
      "routes:\n"
      "  - path: /a\n"
      "    capacity: {workers: 1, service: 100ms, changes: [{at: 500ms, workers: 3}]}\n");
  const auto longest_wait = [&] {
    std::vector<RawClient> clients;
    for (int i = 0; i < 3; ++i) clients.emplace_back(served.port());
    for (RawClient& client : clients) client.send_get("/a");
    for (RawClient& client : clients) EXPECT_EQ(client.receive().status, 200);
    return std::ranges::max(served.truth(), {}, &AttemptTruth::queued).queued;
  };
  RawClient(served.port()).get("/a");
  std::this_thread::sleep_for(50ms);
  EXPECT_EQ(longest_wait(), 0ms);
  served.reset("?time_scale=1");
  EXPECT_GT(longest_wait(), 0ms) << "the change is yet to come";
}

TEST(Capacity, a_full_queue_answers_503_at_once) {
  const Served served("routes: [{path: /a, capacity: {workers: 1, queue: 1, service: 300ms}}]");
  RawClient first(served.port()), second(served.port()), third(served.port());
  first.send_get("/a");
  ASSERT_TRUE(served.wait_until([](const auto& summary) { return summary.in_flight == 1; }));
  second.send_get("/a");
  ASSERT_TRUE(served.wait_until([](const auto& summary) { return summary.in_flight == 2; }));
  EXPECT_EQ(third.get("/a").status, 503);
  EXPECT_EQ(first.receive().status, 200);
  EXPECT_EQ(second.receive().status, 200);
  EXPECT_EQ(served.summary().by_status, (std::map<int, std::uint64_t>{{200, 2}, {503, 1}}));
}

TEST(Capacity, a_client_that_leaves_frees_its_worker_and_its_place_in_the_queue) {
  const Served served("routes: [{path: /a, capacity: {workers: 1, service: 60s}}, {path: /b}]");
  RawClient working(served.port()), waiting(served.port());
  working.send_get("/a");
  ASSERT_TRUE(served.wait_until([](const auto& summary) { return summary.in_flight == 1; }));
  waiting.send_get("/a");
  ASSERT_TRUE(served.wait_until([](const auto& summary) { return summary.in_flight == 2; }));
  waiting.close();
  ASSERT_TRUE(served.wait_until([](const auto& summary) { return summary.aborted == 1; }));
  working.close();
  ASSERT_TRUE(served.wait_until([](const auto& summary) { return summary.aborted == 2; }));
  RawClient next(served.port());
  next.send_get("/a");
  ASSERT_TRUE(served.wait_until([](const auto& summary) { return summary.in_flight == 1; }));
  next.close();
  ASSERT_TRUE(served.wait_until([](const auto& summary) { return summary.aborted == 3; }));
  EXPECT_EQ(by_arrival(served.truth()).back().queued, 0ns);
}

TEST(Capacity, contention_slows_the_service_by_the_number_in_flight_at_its_start) {
  const Served served(
      "routes: [{path: /a, capacity: {service: 20ms, usl: {sigma: 0.5, kappa: 0.25}}}]");
  std::vector<RawClient> clients;
  for (int i = 0; i < 3; ++i) {
    clients.emplace_back(served.port()).send_get("/a");
    const auto in_flight = static_cast<std::size_t>(i + 1);
    if (!served.wait_until([&](const auto& s) { return s.in_flight == in_flight; })) {
      GTEST_SKIP() << "this machine is too slow to have three attempts in flight within 20 ms";
    }
  }
  for (RawClient& client : clients) EXPECT_EQ(client.receive().status, 200);
  const auto log = by_arrival(served.truth());
  for (std::size_t i = 0; i < log.size(); ++i) {
    const double slowdown = Usl{0.5, 0.25}.slowdown(i + 1);
    EXPECT_EQ(log[i].planned.count(), std::llround(20e6 * slowdown));
  }
}

TEST(Capacity, latency_comes_on_top_without_a_worker) {
  const Served served("routes: [{path: /a, latency: 200ms, capacity: {workers: 1, service: 1ms}}]");
  std::vector<RawClient> clients;
  for (int i = 0; i < 20; ++i) clients.emplace_back(served.port());
  for (RawClient& client : clients) client.send_get("/a");
  for (RawClient& client : clients) EXPECT_EQ(client.receive().status, 200);
  for (const AttemptTruth& truth : served.truth()) {
    EXPECT_EQ(truth.planned, 201ms);
    EXPECT_LE(truth.queued, 20ms);
  }
}

}  // namespace
}  // namespace atonce::mock
