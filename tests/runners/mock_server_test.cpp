#include "bench/http_get.h"
#include "mock_server/server.h"
#include "mock_server/truth.h"
#include "tests/runners/conformance.h"

namespace atonce {
namespace {

using namespace std::chrono_literals;

mock::ServerConfig scattered_delays() {
  mock::Route route;
  route.path = "/work";
  route.latency = Uniform{.low = 0.001, .high = 0.012};
  route.body = "done";
  mock::ServerConfig config;
  config.routes.push_back(route);
  return config;
}

/// The mock server's own account against the runner's.
class MockServerTest : public testing::TestWithParam<Contender> {
 protected:
  std::unique_ptr<Played> play_work(std::size_t cap) {
    return play(GetParam(), {.url = server.url(),
                             .schedule = batch("/work", 60),
                             .policy = {.cap = cap, .attempt_timeout = 10s}});
  }
  std::map<AttemptId, mock::AttemptTruth> truth() const {
    std::map<AttemptId, mock::AttemptTruth> by_id;
    for (const auto& attempt : mock::parse_truth(http_get(server.url() + "/_atonce/truth")))
      EXPECT_TRUE(by_id.emplace(attempt.id, attempt).second) << "sent twice";
    return by_id;
  }

  mock::Server server{scattered_delays()};
};

TEST_P(MockServerTest, agrees_on_what_was_sent_and_when) {
  const auto played = play_work(6);
  EXPECT_EQ(played->calls(Outcome::ok), 60u);
  const auto seen = truth();
  ASSERT_EQ(seen.size(), 60u);
  for (const Sample& sample : played->recorder.attempts()) {
    const mock::AttemptTruth& attempt = seen.at(sample.id);
    EXPECT_LE(sample.at.sent, attempt.arrived);
    EXPECT_LE(attempt.first_write, sample.at.first_byte);
    EXPECT_GE(sample.at.done - sample.at.sent, attempt.planned);
    EXPECT_EQ(sample.body_bytes, 4u);
  }
}

TEST_P(MockServerTest, counts_no_more_in_flight_and_no_more_connections_than_the_cap) {
  play_work(6);
  const auto summary = mock::parse_summary(http_get(server.url() + "/_atonce/summary"));
  EXPECT_EQ(summary.attempts, 60u);
  EXPECT_EQ(summary.completed, 60u);
  EXPECT_EQ(summary.in_flight, 0u);
  EXPECT_EQ(summary.peak_in_flight, GetParam().reach(6));
  EXPECT_LE(summary.distinct_connections, 6u);
  EXPECT_EQ(summary.open_connections, 0u);
}

TEST_P(MockServerTest, gives_a_call_the_same_delay_under_every_cap) {
  play_work(3);
  const auto first = truth();
  mock::Server again{scattered_delays()};
  play(GetParam(), {.url = again.url(), .schedule = batch("/work", 60), .policy = {.cap = 12}});
  for (const auto& attempt : mock::parse_truth(http_get(again.url() + "/_atonce/truth")))
    EXPECT_EQ(attempt.planned, first.at(attempt.id).planned);
}

ATONCE_FOR_EVERY_CONTENDER(MockServerTest);

}  // namespace
}  // namespace atonce
