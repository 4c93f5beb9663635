#include "tests/runners/conformance.h"

namespace atonce {
namespace {

using namespace std::chrono_literals;

using ConnectionTest = ConformanceTest;

TEST_P(ConnectionTest, kept_alive_connections_are_used_again_and_recorded_as_such) {
  const auto played =
      play({.url = server.url(), .schedule = batch("/ok", 100), .policy = {.cap = 4}});
  const Witness seen = server.witness();
  EXPECT_LE(seen.accepted_connections, 4u);
  EXPECT_EQ(played->recorder.reused_connections(), 100 - seen.accepted_connections);
  EXPECT_TRUE(server.wait_until_quiet());
}

TEST_P(ConnectionTest, without_keep_alive_every_attempt_has_a_connection_of_its_own) {
  const auto played = play({.url = server.url(),
                            .schedule = batch("/ok", 40),
                            .policy = {.cap = 4},
                            .keep_alive = false});
  EXPECT_EQ(played->calls(Outcome::ok), 40u);
  EXPECT_EQ(played->recorder.reused_connections(), 0u);
  EXPECT_EQ(server.witness().accepted_connections, 40u);
  for (const ScriptedRequest& request : server.witness().requests) EXPECT_TRUE(request.close);
  EXPECT_TRUE(server.wait_until_quiet());
}

TEST_P(ConnectionTest, fewer_connections_than_calls_make_calls_wait_for_one) {
  const auto played = play({.url = server.url(),
                            .schedule = batch("/delay?30", 12),
                            .policy = {.cap = 6},
                            .connections = 2});
  EXPECT_EQ(played->calls(Outcome::ok), 12u);
  EXPECT_LE(server.witness().peak_connections, 2u);
  EXPECT_EQ(server.witness().peak_in_flight, GetParam().reach(2));
  if (GetParam().reach(6) == 1) return;
  const auto waited = std::ranges::count_if(played->recorder.attempts(), [](const Sample& sample) {
    return sample.at.connected - sample.at.admitted >= 25ms;
  });
  EXPECT_GE(waited, 4);
}

TEST_P(ConnectionTest, a_wait_for_a_connection_ends_at_the_time_out) {
  if (GetParam().reach(2) == 1) GTEST_SKIP() << "calls of a serial runner never share";
  const auto played = play({.url = server.url(),
                            .schedule = batch("/silent", 2),
                            .policy = {.cap = 2, .attempt_timeout = 80ms},
                            .connections = 1});
  EXPECT_EQ(played->calls(Outcome::read_timeout) + played->calls(Outcome::connect_timeout), 2u);
  EXPECT_GE(played->calls(Outcome::read_timeout), 1u);
  EXPECT_LT(played->took(), 3s);
  EXPECT_TRUE(server.wait_until_quiet());
}

TEST_P(ConnectionTest, a_stop_ends_the_wait_for_a_connection) {
  const auto played =
      play({.url = server.url(),
            .schedule = batch("/silent", 8),
            .policy = {.cap = 4},
            .connections = 1,
            .meanwhile = [this](std::stop_source& stop) {
              server.wait_until([](const Witness& seen) { return seen.in_flight == 1; });
              stop.request_stop();
            }});
  EXPECT_EQ(played->calls(Outcome::unfinished), 8u);
  EXPECT_LT(played->took(), 3s);
  EXPECT_TRUE(server.wait_until_quiet());
}

TEST_P(ConnectionTest, a_connection_that_the_server_closed_while_idle_is_replaced) {
  const SessionPlan plan{.stages = {{.name = "only", .calls = {0}, .after = {}}}};
  const Schedule spaced = make_schedule({.shape = LoadShape::constant, .sessions = 8, .rate = 25},
                                        plan, {get("/ok-then-drop")}, 1);
  const auto played = play({.url = server.url(), .schedule = spaced, .policy = {.cap = 1}});
  Instant idle_since = unset;
  for (const Sample& sample : played->recorder.attempts()) {
    // A close that is still under way while the next request goes out cannot be seen by anybody.
    if (sample.at.admitted - idle_since > 10ms) {
      EXPECT_EQ(sample.outcome, Outcome::ok);
      EXPECT_FALSE(sample.reused_connection);
    }
    idle_since = sample.at.done;
  }
  EXPECT_GE(played->calls(Outcome::ok), 4u);
}

ATONCE_FOR_EVERY_CONTENDER(ConnectionTest);

}  // namespace
}  // namespace atonce
