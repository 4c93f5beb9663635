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

Sample ended_as(Outcome outcome, std::uint16_t status = 0) {
  Sample sample;
  sample.outcome = outcome;
  sample.status = status;
  return sample;
}

TEST(PlannedReply, of_an_answer_is_its_status_after_the_delay) {
  mock::AttemptTruth truth;
  truth.planned = 5ms;
  truth.status = 200;
  const auto reply = planned_reply(truth, ended_as(Outcome::ok, 200)).value();
  EXPECT_EQ(reply.delay, 5ms);
  EXPECT_EQ(reply.outcome, Outcome::ok);
  EXPECT_EQ(reply.status, 200);
}

TEST(PlannedReply, of_an_attempt_that_the_client_gave_up_is_the_answer_it_would_have_had) {
  mock::AttemptTruth truth;
  truth.planned = 5s;
  truth.status = 200;
  const auto reply = planned_reply(truth, ended_as(Outcome::read_timeout)).value();
  EXPECT_EQ(reply.delay, 5s);
  EXPECT_EQ(reply.outcome, Outcome::ok);
}

TEST(PlannedReply, of_a_failure_of_the_servers_doing_is_that_failure_with_its_hints) {
  const auto truth = struck_by(mock::FaultKind::reset, mock::ConnectionEnd::reset);
  Sample sample = ended_as(Outcome::reset);
  sample.retry.after = 3s;
  const auto reply = planned_reply(truth, sample).value();
  EXPECT_EQ(reply.delay, 5ms);
  EXPECT_EQ(reply.outcome, Outcome::reset);
  EXPECT_EQ(reply.status, 0);
  EXPECT_EQ(reply.retry.after, 3s);
}

TEST(PlannedReply, of_a_stall_lasts_until_someone_gives_up) {
  const auto left = struck_by(mock::FaultKind::stall, mock::ConnectionEnd::left);
  EXPECT_EQ(planned_reply(left, ended_as(Outcome::read_timeout))->delay, unlimited_time);
  EXPECT_FALSE(planned_reply(left, ended_as(Outcome::cancelled)));
  const auto closed = struck_by(mock::FaultKind::stall, mock::ConnectionEnd::closed);
  EXPECT_EQ(planned_reply(closed, ended_as(Outcome::closed_early))->delay, 9ms);
}

TEST(CompareWithServer, a_part_of_an_answer_has_no_hold_time) {
  Recorder recorder;
  recorder.on_attempt(ended_as(Outcome::reset));
  auto cut = struck_by(mock::FaultKind::reset, mock::ConnectionEnd::reset);
  cut.last_write = cut.arrived + 2ms;
  auto whole = cut;
  whole.closed = unset;
  const auto lateness = [&](const mock::AttemptTruth& truth) {
    TrialResult result;
    compare_with_server(result, recorder,
                        {.summary = {}, .attempts = {{truth.id.packed(), truth}}});
    return result.metrics[index(Metric::server_lateness)].failed.count();
  };
  EXPECT_EQ(lateness(cut), 0u);
  EXPECT_EQ(lateness(whole), 1u);
}

}  // namespace
}  // namespace atonce
