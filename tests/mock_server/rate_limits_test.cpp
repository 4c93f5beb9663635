/// Rate limits over the wire and in the account.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/mock_server/served.h"

namespace atonce::mock {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

/// Quotas that do not come back during a test.
constexpr const char* two_an_hour = R"(
rate_limits:
  - name: api
    key: authorization
    requests: {most: 2, per: 1h, kind: window}
    vendor: openai
rate_limit: api
routes:
  - {path: /a, body: hello}
  - {path: /b}
  - {path: /free, rate_limit: none}
)";

RawResponse get_as(RawClient& client, const std::string& key, const std::string& path = "/a") {
  client.send("GET " + path + " HTTP/1.1\r\nAuthorization: " + key + "\r\n\r\n");
  return client.receive();
}

class RateLimited : public testing::TestWithParam<int> {
 protected:
  std::string on_threads(const std::string& yaml) const {
    return "threads: " + std::to_string(GetParam()) + "\n" + yaml;
  }
};

INSTANTIATE_TEST_SUITE_P(Threads, RateLimited, testing::Values(1, 3));

TEST_P(RateLimited, routes_share_the_limit_of_a_key) {
  const Served served(on_threads(two_an_hour));
  RawClient client(served.port());
  EXPECT_EQ(get_as(client, "me", "/a").status, 200);
  EXPECT_EQ(get_as(client, "me", "/b").status, 200);
  EXPECT_EQ(get_as(client, "me", "/a").status, 429);
  EXPECT_EQ(get_as(client, "you", "/a").status, 200);
  EXPECT_EQ(get_as(client, "me", "/free").status, 200);
  EXPECT_EQ(served.summary().rate_limited, 1u);
  EXPECT_EQ(served.summary().by_status.at(429), 1u);
}

TEST_P(RateLimited, every_answer_tells_the_state_of_the_quota) {
  const Served served(on_threads(two_an_hour));
  RawClient client(served.port());
  const auto granted = get_as(client, "me");
  EXPECT_EQ(granted.body, "hello");
  EXPECT_THAT(granted.head, HasSubstr("\r\nx-ratelimit-remaining-requests: 1\r\n"));
  EXPECT_THAT(granted.head, HasSubstr("\r\nx-ratelimit-reset-requests: 1h0m0s\r\n"));
  EXPECT_THAT(get_as(client, "me", "/free").head, Not(HasSubstr("x-ratelimit")));
  get_as(client, "me");
  const auto refused = get_as(client, "me");
  EXPECT_THAT(refused.head, HasSubstr("\r\nx-ratelimit-remaining-requests: 0\r\n"));
  EXPECT_THAT(refused.head, HasSubstr("\r\nRetry-After: 3600\r\n"));
  EXPECT_THAT(refused.body, HasSubstr("\"rate_limit_exceeded\""));
}

TEST_P(RateLimited, a_reset_gives_everyone_a_fresh_start) {
  const Served served(on_threads(two_an_hour));
  RawClient client(served.port());
  for (int i = 0; i < 3; ++i) get_as(client, "me");
  const auto summary = served.reset("?time_scale=0.5");
  EXPECT_EQ(summary.rate_limited, 0u);
  EXPECT_THAT(get_as(client, "me").head, HasSubstr("\r\nx-ratelimit-reset-requests: 30m0s\r\n"));
}

TEST_P(RateLimited, a_client_that_waits_as_told_is_let_in) {
  const Served served(on_threads(R"(
rate_limits: [{name: api, requests: {most: 1, per: 40ms}}]
routes: [{path: /a, rate_limit: api}]
)"));
  RawClient client(served.port());
  std::uint16_t attempt = 0;
  for (int granted = 0; granted < 5;) {
    const auto response = client.get("/a", AttemptId{.session = 1, .attempt = attempt++});
    if (response.status == 200) {
      ++granted;
      continue;
    }
    const auto at = response.head.find("retry-after-ms: ");
    ASSERT_NE(at, std::string::npos);
    std::this_thread::sleep_for(
        std::chrono::milliseconds(std::stoi(response.head.substr(at + 16))));
  }
  EXPECT_LE(attempt, 10);  // no wait was in vain
  EXPECT_EQ(served.summary().retry_after_violations, 0u);
}

TEST_P(RateLimited, a_retry_before_its_time_is_counted) {
  const Served served(on_threads(two_an_hour));
  RawClient client(served.port());
  for (std::uint32_t session = 0; session < 2; ++session) {
    client.get("/a", AttemptId{.session = session});
  }
  EXPECT_EQ(client.get("/a", AttemptId{.session = 9}).status, 429);
  EXPECT_EQ(served.summary().retry_after_violations, 0u);
  client.get("/a", AttemptId{.session = 9, .attempt = 1});
  client.get("/free", AttemptId{.session = 9, .attempt = 2});
  client.get("/free", AttemptId{.session = 8, .attempt = 1});  // was told nothing
  EXPECT_EQ(served.summary().retry_after_violations, 2u);
  EXPECT_THAT(served.page("/metrics"), HasSubstr("\natonce_retry_after_violations_total 2\n"));
  served.reset();
  client.get("/free", AttemptId{.session = 9, .attempt = 3});
  EXPECT_EQ(served.summary().retry_after_violations, 0u);
}

TEST_P(RateLimited, the_wait_of_a_fault_is_watched_too) {
  const Served served(on_threads(
      "routes: [{path: /a, faults: [{fault: status, status: 503, share: 1, retry_after: 1h}]}]"));
  RawClient client(served.port());
  client.get("/a", AttemptId{.session = 9});
  client.get("/a", AttemptId{.session = 9, .attempt = 1});
  EXPECT_EQ(served.summary().retry_after_violations, 1u);
}

TEST_P(RateLimited, requests_without_an_id_are_no_retries_of_each_other) {
  const Served served(on_threads(two_an_hour));
  RawClient client(served.port());
  for (int i = 0; i < 10; ++i) client.get("/a");
  EXPECT_EQ(served.summary().rate_limited, 8u);
  EXPECT_EQ(served.summary().retry_after_violations, 0u);
}

TEST_P(RateLimited, no_more_are_at_work_at_once_than_the_limit) {
  const Served served(on_threads(R"(
rate_limits: [{name: api, concurrent: 2}]
routes: [{path: /slow, latency: 60s, rate_limit: api}, {path: /a, rate_limit: api}]
)"));
  RawClient first(served.port()), second(served.port()), third(served.port());
  first.send_get("/slow");
  second.send_get("/slow");
  ASSERT_TRUE(served.wait_until([](const auto& summary) { return summary.in_flight == 2; }));
  const auto refused = third.get("/a");
  EXPECT_EQ(refused.status, 429);
  EXPECT_THAT(refused.head, Not(HasSubstr("Retry-After")));
  first.close();
  ASSERT_TRUE(served.wait_until([](const auto& summary) { return summary.aborted == 1; }));
  for (int i = 0; i < 20; ++i) EXPECT_EQ(third.get("/a").status, 200);
}

TEST_P(RateLimited, tokens_are_charged_by_the_size_of_the_body) {
  const Served served(on_threads(R"(
rate_limits: [{name: api, tokens: {most: 100, per: 1h, output: 10}, vendor: anthropic}]
routes: [{path: /a, rate_limit: api}]
)"));
  RawClient client(served.port());
  const auto post = [&client](std::size_t bytes) {
    client.send("POST /a HTTP/1.1\r\nContent-Length: " + std::to_string(bytes) + "\r\n\r\n" +
                std::string(bytes, 'x'));
    return client.receive();
  };
  EXPECT_THAT(post(160).head, HasSubstr("\r\nanthropic-ratelimit-tokens-remaining: 50\r\n"));
  client.send("POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n0\r\n\r\n");
  EXPECT_THAT(client.receive().head, HasSubstr("tokens-remaining: 39\r\n"));
  const auto refused = post(160);
  EXPECT_EQ(refused.status, 429);
  EXPECT_THAT(refused.body, HasSubstr("\"rate_limit_error\""));
  const auto never = post(1000);
  EXPECT_EQ(never.status, 429);
  EXPECT_THAT(never.head, HasSubstr("\r\nx-should-retry: false\r\n"));
}

std::string banning(const std::string& answer) {
  return R"(
rate_limits:
  - name: api
    requests: {most: 1, per: 1h, kind: window}
    ban: {after: 2, within: 1h, lasts: 1h, answer: )" +
         answer + "}\nroutes: [{path: /a, rate_limit: api}]";
}

TEST_P(RateLimited, a_banned_key_gets_403) {
  const Served served(on_threads(banning("403")));
  RawClient client(served.port());
  std::vector<int> statuses;
  for (int i = 0; i < 5; ++i) statuses.push_back(client.get("/a").status);
  EXPECT_THAT(statuses, testing::ElementsAre(200, 429, 429, 403, 403));
  const auto summary = served.summary();
  EXPECT_EQ(summary.rate_limited, 2u);
  EXPECT_EQ(summary.bans, 1u);
  EXPECT_EQ(summary.banned, 2u);
  EXPECT_EQ(summary.completed, 5u);
}

TEST_P(RateLimited, a_banned_key_is_dropped) {
  const Served served(on_threads(banning("drop")));
  for (int i = 0; i < 3; ++i) RawClient(served.port()).get("/a");
  RawClient banned(served.port());
  banned.send_get("/a");
  EXPECT_TRUE(banned.sees_reset());
  const auto summary = served.summary();
  EXPECT_EQ(summary.banned, 1u);
  EXPECT_EQ(summary.faulted, 1u);
  EXPECT_EQ(summary.attempts, summary.completed + summary.faulted);
  const auto log = served.truth();
  EXPECT_EQ(std::ranges::count(log, FaultKind::banned, &AttemptTruth::fault), 1);
}

TEST_P(RateLimited, many_clients_at_once_get_exactly_the_quota) {
  const Served served(on_threads(R"(
rate_limits: [{name: api, requests: {most: 100, per: 1h, kind: window}, concurrent: 1000}]
routes: [{path: /a, rate_limit: api, faults: [{fault: close, share: 20%}]}]
)"));
  std::vector<std::jthread> clients;
  for (int i = 0; i < 4; ++i) {
    clients.emplace_back([&served] {
      for (int j = 0; j < 50; ++j) RawClient(served.port()).get("/a");
    });
  }
  clients.clear();
  const auto summary = served.summary();
  EXPECT_EQ(summary.attempts, 200u);
  EXPECT_EQ(summary.rate_limited, 100u);
  EXPECT_EQ(summary.completed + summary.faulted, 200u);
  EXPECT_EQ(summary.in_flight, 0u);
}

}  // namespace
}  // namespace atonce::mock
