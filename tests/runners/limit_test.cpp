#include "tests/runners/conformance.h"
#include "tests/support/silent_listener.h"

namespace atonce {
namespace {

using namespace std::chrono_literals;

/// How late a limit may strike on a busy machine; the waits it ends would take far longer.
constexpr Nanos slack = 1500ms;

/// Long enough to connect and to read a response head on a busy machine, with a sanitizer.
constexpr Nanos long_enough_for_a_head = 500ms;

class LimitTest : public ConformanceTest {
 protected:
  /// Every attempt ends with `outcome` once `limit` has passed, not earlier and not much later.
  void expect_all(const Played& played, Outcome outcome, Nanos limit) {
    for (const Sample& sample : played.recorder.attempts()) {
      EXPECT_EQ(name(sample.outcome), name(outcome));
      EXPECT_GE(sample.at.done - sample.at.admitted, limit);
      EXPECT_LT(sample.at.done - sample.at.admitted, limit + slack);
    }
  }
};

TEST_P(LimitTest, an_attempt_without_an_answer_ends_at_its_time_out) {
  const Policy policy{.cap = 5, .attempt_timeout = long_enough_for_a_head};
  const auto played =
      play({.url = server.url(), .schedule = batch("/silent", 10), .policy = policy});
  expect_all(*played, Outcome::read_timeout, long_enough_for_a_head);
  EXPECT_EQ(played->calls(Outcome::read_timeout), 10u);
  EXPECT_TRUE(server.wait_until_quiet());
}

TEST_P(LimitTest, bytes_that_drip_do_not_prolong_an_attempt) {
  const Policy policy{.cap = 2, .attempt_timeout = long_enough_for_a_head};
  const auto played = play({.url = server.url(), .schedule = batch("/drip", 2), .policy = policy});
  expect_all(*played, Outcome::read_timeout, long_enough_for_a_head);
  for (const Sample& sample : played->recorder.attempts()) EXPECT_EQ(sample.status, 200);
  EXPECT_TRUE(server.wait_until_quiet());
}

TEST_P(LimitTest, bytes_that_never_stop_do_not_prolong_an_attempt) {
  const Policy policy{.cap = 1, .attempt_timeout = long_enough_for_a_head};
  const auto played = play({.url = server.url(), .schedule = batch("/flood", 1), .policy = policy});
  expect_all(*played, Outcome::read_timeout, long_enough_for_a_head);
  EXPECT_TRUE(server.wait_until_quiet());
}

TEST_P(LimitTest, a_connection_that_never_opens_ends_at_the_time_out) {
  const SilentListener listener;
  const Policy policy{.cap = 3, .attempt_timeout = 80ms};
  const auto played = play({.url = listener.url(), .schedule = batch("/ok", 3), .policy = policy});
  expect_all(*played, Outcome::connect_timeout, 80ms);
  for (const Sample& sample : played->recorder.attempts()) EXPECT_EQ(sample.at.sent, unset);
}

TEST_P(LimitTest, a_refused_connection_is_told_at_once) {
  server.kill();
  const auto played =
      play({.url = server.url(), .schedule = batch("/ok", 10), .policy = {.cap = 4}});
  EXPECT_EQ(played->calls(Outcome::connect_refused), 10u);
  expect_all(*played, Outcome::connect_refused, 0ms);
}

TEST_P(LimitTest, a_name_that_does_not_exist_is_an_outcome) {
  // A label of more than 63 characters fails without a question to any name server.
  const std::string url = "http://" + std::string(64, 'x') + ".invalid:9";
  const auto played = play({.url = url, .schedule = batch("/ok", 4), .policy = {.cap = 2}});
  EXPECT_EQ(played->calls(Outcome::dns), 4u);
}

TEST_P(LimitTest, a_call_ends_at_its_deadline_in_the_middle_of_an_attempt) {
  const Policy policy{.cap = 4, .call_deadline = 60ms};
  const auto played =
      play({.url = server.url(), .schedule = batch("/silent", 4), .policy = policy});
  EXPECT_EQ(played->calls(Outcome::deadline), 4u);
  EXPECT_LT(played->took(), 4 * 60ms + slack);
  EXPECT_TRUE(server.wait_until_quiet());
}

TEST_P(LimitTest, a_deadline_covers_the_retries_too) {
  const Policy policy{.cap = 1,
                      .attempt_timeout = long_enough_for_a_head,
                      .call_deadline = 3 * long_enough_for_a_head - 200ms,
                      .retry = {.max_attempts = 50, .base = 1ms, .factor = 1}};
  const auto played =
      play({.url = server.url(), .schedule = batch("/silent", 1), .policy = policy});
  // When an attempt times out so late that no retry fits before the deadline, that is the outcome.
  EXPECT_EQ(played->calls(Outcome::deadline) + played->calls(Outcome::read_timeout), 1u);
  EXPECT_GE(played->attempts(Outcome::read_timeout), 1u);
  EXPECT_LE(played->recorder.attempt_count(), 3u);
  EXPECT_LT(played->took(), policy.call_deadline + slack);
}

ATONCE_FOR_EVERY_CONTENDER(LimitTest);

}  // namespace
}  // namespace atonce
