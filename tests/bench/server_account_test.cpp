#include "bench/server_account.h"

#include <gtest/gtest.h>

namespace atonce {
namespace {

using namespace std::chrono_literals;

mock::AttemptTruth struck_by(mock::FaultKind fault, mock::ConnectionEnd end) {
  mock::AttemptTruth truth;
  truth.arrived = from_ns(1'000);
  truth.planned = 5ms;
  truth.closed = truth.arrived + 9ms;
  truth.fault = fault;
  truth.connection_end = end;
  return truth;
}

TEST(PlannedReply, of_an_answer_is_its_status_after_the_delay) {
  mock::AttemptTruth truth;
  truth.planned = 5ms;
  truth.status = 429;
  const auto reply = planned_reply(truth, {}).value();
  EXPECT_EQ(reply.delay, 5ms);
  EXPECT_EQ(reply.outcome, Outcome::rate_limited);
  EXPECT_EQ(reply.status, 429);
}

TEST(PlannedReply, of_a_broken_connection_is_no_answer_after_the_delay) {
  const auto reset =
      planned_reply(struck_by(mock::FaultKind::reset, mock::ConnectionEnd::reset), {}).value();
  EXPECT_EQ(reset.delay, 5ms);
  EXPECT_EQ(reset.outcome, Outcome::reset);
  EXPECT_EQ(reset.status, 0);
  const auto closed =
      planned_reply(struck_by(mock::FaultKind::close, mock::ConnectionEnd::closed), {}).value();
  EXPECT_EQ(closed.outcome, Outcome::closed_early);
}

TEST(PlannedReply, of_a_stall_lasts_until_someone_gives_up) {
  const auto left = struck_by(mock::FaultKind::stall, mock::ConnectionEnd::left);
  EXPECT_EQ(planned_reply(left, Policy{.attempt_timeout = 1s})->delay, unlimited_time);
  EXPECT_FALSE(planned_reply(left, {}));
  const auto closed = struck_by(mock::FaultKind::stall, mock::ConnectionEnd::closed);
  EXPECT_EQ(planned_reply(closed, {})->delay, 9ms);
}

}  // namespace
}  // namespace atonce
