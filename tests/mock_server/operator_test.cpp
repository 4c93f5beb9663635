/// The server's account of itself.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "tests/mock_server/served.h"

namespace atonce::mock {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class Operator : public testing::TestWithParam<int> {
 protected:
  Served served_{"threads: " + std::to_string(GetParam()) +
                 "\ntruth_limit: 2500"
                 "\nroutes: [{path: /a}, {path: /slow, latency: 60s}, {path: /bad, status: 500}]"};
};

INSTANTIATE_TEST_SUITE_P(Threads, Operator, testing::Values(1, 3));

TEST_P(Operator, every_attempt_is_in_the_truth_once) {
  std::set<std::uint64_t> sent;
  for (std::uint32_t c = 0; c < 7; ++c) {
    RawClient client(served_.port());
    for (std::uint32_t i = 0; i < 300; ++i) {
      const AttemptId id{.session = 1000 * c + i, .call = 3, .attempt = 2};
      ASSERT_EQ(client.get("/a", id).status, 200);
      sent.insert(id.packed());
    }
  }
  std::set<std::uint64_t> logged;
  std::set<std::uint32_t> connections;
  for (const AttemptTruth& truth : served_.truth()) {
    logged.insert(truth.id.packed());
    connections.insert(truth.connection);
    EXPECT_EQ(truth.status, 200);
  }
  EXPECT_EQ(logged, sent);
  EXPECT_EQ(connections.size(), 7u);
  const auto summary = served_.summary();
  EXPECT_EQ(summary.attempts, sent.size());
  EXPECT_EQ(summary.completed, sent.size());
  EXPECT_EQ(summary.logged, sent.size());
  EXPECT_EQ(summary.distinct_connections, 7u);
}

TEST_P(Operator, attempts_beyond_the_truth_limit_are_counted_only) {
  RawClient client(served_.port());
  for (int i = 0; i < 26; ++i) {
    std::string batch;
    for (int j = 0; j < 100; ++j) batch += "GET /a HTTP/1.1\r\n\r\n";
    client.send(batch);
    for (int j = 0; j < 100; ++j) ASSERT_EQ(client.receive().status, 200);
  }
  EXPECT_EQ(served_.truth().size(), 2500u);
  EXPECT_EQ(served_.summary().logged, 2500u);
  EXPECT_EQ(served_.summary().completed, 2600u);
}

TEST_P(Operator, its_own_requests_count_nowhere) {
  served_.summary();
  served_.page("/metrics");
  served_.truth();
  const auto summary = served_.summary();
  EXPECT_EQ(summary, (TruthSummary{.seed = 1, .time_scale = 1}));
}

TEST_P(Operator, peak_in_flight_is_what_was_really_there_at_once) {
  {
    std::vector<RawClient> clients;
    for (int i = 0; i < 20; ++i) clients.emplace_back(served_.port()).send_get("/slow");
    ASSERT_TRUE(served_.wait_until([](const auto& summary) { return summary.in_flight == 20; }));
    EXPECT_EQ(served_.summary().open_connections, 20u);
  }
  ASSERT_TRUE(
      served_.wait_until([](const auto& summary) { return summary.open_connections == 0; }));
  const auto summary = served_.summary();
  EXPECT_EQ(summary.in_flight, 0u);
  EXPECT_EQ(summary.peak_in_flight, 20u);
  EXPECT_EQ(summary.aborted, 20u);
}

TEST_P(Operator, a_reset_forgets_what_was_and_tells_the_new_seed_and_scale) {
  RawClient(served_.port()).get("/a");
  RawClient(served_.port()).get("/bad");
  EXPECT_EQ(served_.summary().by_status, (std::map<int, std::uint64_t>{{200, 1}, {500, 1}}));
  ASSERT_TRUE(
      served_.wait_until([](const auto& summary) { return summary.open_connections == 0; }));
  EXPECT_EQ(served_.reset("?seed=18446744073709551615&time_scale=0.25"),
            (TruthSummary{.seed = 18446744073709551615U, .time_scale = 0.25}));
  EXPECT_EQ(served_.reset().seed, 18446744073709551615U);
  EXPECT_TRUE(served_.truth().empty());
}

TEST_P(Operator, an_attempt_from_before_a_reset_leaves_no_trace_after_it) {
  RawClient old(served_.port());
  old.send_get("/slow");
  ASSERT_TRUE(served_.wait_until([](const auto& summary) { return summary.in_flight == 1; }));
  EXPECT_EQ(served_.reset().peak_in_flight, 1u);  // it still is in flight
  old.close();
  ASSERT_TRUE(served_.wait_until([](const auto& summary) { return summary.in_flight == 0; }));
  const auto summary = served_.summary();
  EXPECT_EQ(summary.attempts, 0u);
  EXPECT_EQ(summary.aborted, 0u);
  EXPECT_TRUE(served_.truth().empty());
}

TEST(Reset, that_keeps_the_course_forgets_the_account_only) {
  const Served served(R"(
rate_limits: [{name: few, requests: {most: 1, per: 1h}}]
routes:
  - {path: /metered, rate_limit: few}
  - path: /worked
    capacity: {workers: 1, queue: 0, service: 60s, changes: [{at: 20ms, workers: 2}]}
)");
  EXPECT_EQ(RawClient(served.port()).get("/metered").status, 200);
  RawClient first(served.port()), second(served.port());
  first.send_get("/worked");
  ASSERT_TRUE(served.wait_until([](const auto& summary) { return summary.in_flight == 1; }));
  std::this_thread::sleep_for(50ms);
  const auto summary = served.reset("?seed=7&course=keep");
  EXPECT_EQ(summary.seed, 7u);
  EXPECT_EQ(summary.attempts, 0u);
  EXPECT_TRUE(served.truth().empty());
  EXPECT_EQ(RawClient(served.port()).get("/metered").status, 429) << "the bucket is still empty";
  second.send_get("/worked");
  EXPECT_TRUE(served.wait_until([](const auto& now) { return now.in_flight == 2; }))
      << "the second worker came meanwhile";
  served.reset();
  EXPECT_EQ(RawClient(served.port()).get("/metered").status, 200);
}

TEST(Reset, that_keeps_the_course_leaves_a_frozen_server_frozen) {
  const Served served("freezes: [{at: 20ms, for: 60s}]\nroutes: [{path: /a}]");
  EXPECT_EQ(RawClient(served.port()).get("/a").status, 200);
  std::this_thread::sleep_for(50ms);
  served.reset("?course=keep");
  RawClient client(served.port());
  client.send_get("/a");
  ASSERT_TRUE(served.wait_until([](const auto& summary) { return summary.attempts == 1; }));
  std::this_thread::sleep_for(50ms);
  EXPECT_EQ(served.summary().completed, 0u);
}

TEST_P(Operator, a_wrong_reset_changes_nothing) {
  for (const char* query :
       {"?sed=1", "?seed=x", "?seed=-1", "?time_scale=0", "?time_scale=nan", "?time_scale=-1",
        "?seed", "?seed=1.5", "?course=new", "?course=keep&time_scale=2"}) {
    const auto response = served_.post(std::string("/_atonce/reset") + query);
    EXPECT_EQ(response.status, 400) << query;
    EXPECT_THAT(response.body, HasSubstr("expected")) << query;
  }
  EXPECT_EQ(served_.summary().seed, 1u);
}

TEST_P(Operator, metrics_agree_with_the_summary) {
  RawClient(served_.port()).get("/bad");
  const auto metrics = served_.page("/metrics");
  EXPECT_THAT(metrics, HasSubstr("\natonce_attempts_total 1\n"));
  EXPECT_THAT(metrics, HasSubstr("\natonce_responses_total{status=\"500\"} 1\n"));
}

TEST_P(Operator, unknown_pages_are_met_with_the_known_ones) {
  const auto response = RawClient(served_.port()).get("/_atonce/help");
  EXPECT_EQ(response.status, 404);
  EXPECT_THAT(response.body, HasSubstr("/_atonce/summary"));
}

TEST(Server, stops_with_attempts_in_flight_and_closes_their_connections) {
  auto served = std::make_unique<Served>("threads: 2\nroutes: [{path: /slow, latency: 60s}]");
  std::vector<RawClient> clients;
  for (int i = 0; i < 10; ++i) clients.emplace_back(served->port()).send_get("/slow");
  ASSERT_TRUE(served->wait_until([](const auto& summary) { return summary.in_flight == 10; }));
  const Instant start = now();
  served.reset();
  EXPECT_LT(now() - start, 1500ms);
  for (RawClient& client : clients) EXPECT_EQ(client.receive().status, 0);
}

TEST(Server, listens_on_ipv6_too) {
  const Server server(
      parse_server_config(ConfigNode::parse("address: ::1\nroutes: [{path: /a}]", "a.yaml")));
  EXPECT_EQ(server.url(), "http://[::1]:" + std::to_string(server.port()));
}

TEST(Server, an_address_that_is_none_or_taken_is_an_error) {
  ServerConfig config;
  config.address = "nowhere";
  EXPECT_THROW(Server{config}, std::invalid_argument);
  config.address = "127.0.0.1";
  const Server first(config);
  config.port = first.port();
  EXPECT_THROW(Server{config}, std::system_error);
}

}  // namespace
}  // namespace atonce::mock
