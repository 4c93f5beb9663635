#include "tests/runners/conformance.h"

namespace atonce {
namespace {

using namespace std::chrono_literals;

/// Far below the time-out of a wait that was not ended.
constexpr Nanos soon = 3s;

class StopTest : public ConformanceTest {
 protected:
  /// Stops the run once `requests` are in flight at the server.
  std::function<void(std::stop_source&)> stop_at(std::size_t requests) {
    return [this, requests](std::stop_source& stop) {
      EXPECT_TRUE(
          server.wait_until([&](const Witness& seen) { return seen.in_flight >= requests; }));
      stopped = now();
      stop.request_stop();
    };
  }

  Instant stopped;
};

TEST_P(StopTest, a_stop_ends_what_is_in_flight_and_sends_no_more) {
  const std::size_t in_flight = GetParam().reach(5);
  const auto played = play({.url = server.url(),
                            .schedule = batch("/silent", 50),
                            .policy = {.cap = 5},
                            .meanwhile = stop_at(in_flight)});
  EXPECT_LT(played->ended - stopped, soon);
  EXPECT_EQ(played->calls(Outcome::unfinished), 50u);
  EXPECT_EQ(played->attempts(Outcome::unfinished), in_flight);
  EXPECT_EQ(server.witness().requests.size(), in_flight);
  EXPECT_TRUE(server.wait_until_quiet());
}

TEST_P(StopTest, a_stop_ends_the_wait_for_the_next_arrival) {
  const SessionPlan plan{.stages = {{.name = "only", .calls = {0}, .after = {}}}};
  const Schedule schedule = make_schedule(
      {.shape = LoadShape::constant, .sessions = 5, .rate = 0.01}, plan, {get("/ok")}, 1);
  const auto played =
      play({.url = server.url(),
            .schedule = schedule,
            .policy = {.cap = 2},
            .meanwhile = [this](std::stop_source& stop) {
              server.wait_until([](const Witness& seen) { return !seen.requests.empty(); });
              std::this_thread::sleep_for(30ms);
              stop.request_stop();
            }});
  EXPECT_LT(played->took(), soon);
  EXPECT_EQ(played->calls(Outcome::ok), 1u);
  EXPECT_EQ(played->calls(Outcome::unfinished), 4u);
}

TEST_P(StopTest, a_stop_before_the_run_sends_nothing) {
  // The request races with the first calls, so some may still be sent; all must be accounted for.
  const auto played = play({.url = server.url(),
                            .schedule = batch("/silent", 20),
                            .policy = {.cap = 4},
                            .meanwhile = [](std::stop_source& stop) { stop.request_stop(); }});
  EXPECT_LT(played->took(), soon);
  EXPECT_EQ(played->calls(Outcome::unfinished), 20u);
  EXPECT_TRUE(server.wait_until_quiet());
}

TEST_P(StopTest, fail_fast_aborts_the_siblings_and_the_server_sees_them_go) {
  const Policy policy{.cap = 4, .on_error = ErrorPolicy::fail_fast};
  const auto played =
      play({.url = server.url(),
            .schedule = stages({{"/silent", "/silent", "/status?500", "/silent"}, {"/ok"}}, 1),
            .policy = policy,
            .meanwhile = GetParam().reach(4) == 4 ? nullptr : stop_at(1)});
  EXPECT_LT(played->took(), soon);
  if (GetParam().reach(4) == 4) {
    EXPECT_EQ(played->calls(Outcome::http_status), 1u);
    EXPECT_EQ(played->calls(Outcome::cancelled), 4u);
  }
  EXPECT_TRUE(server.wait_until_quiet());
  EXPECT_EQ(server.witness().in_flight, 0u);
}

TEST_P(StopTest, a_server_that_dies_in_mid_run_fails_the_rest_and_hangs_nothing) {
  const auto played =
      play({.url = server.url(),
            .schedule = batch("/delay?5", 400),
            .policy = {.cap = 4, .attempt_timeout = 10s},
            .meanwhile = [this](std::stop_source&) {
              server.wait_until([](const Witness& seen) { return seen.requests.size() >= 40; });
              server.kill();
            }});
  EXPECT_LT(played->took(), 10s);
  EXPECT_GE(played->calls(Outcome::ok), 30u);
  const auto broken = played->calls(Outcome::reset) + played->calls(Outcome::closed_early);
  EXPECT_LE(broken, 8u);
  EXPECT_EQ(played->calls(Outcome::ok) + broken + played->calls(Outcome::connect_refused), 400u);
  EXPECT_GE(played->calls(Outcome::connect_refused), 100u);
}

ATONCE_FOR_EVERY_CONTENDER(StopTest);

}  // namespace
}  // namespace atonce
