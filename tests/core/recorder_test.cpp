#include "core/recorder.h"

#include <gtest/gtest.h>

namespace atonce {
namespace {

Sample sample(Outcome outcome = Outcome::ok, std::int64_t service_ns = 1000) {
  Sample one;
  one.outcome = outcome;
  one.at = {.due = from_ns(100),
            .ready = from_ns(100),
            .unblocked = from_ns(150),
            .admitted = from_ns(160),
            .connected = from_ns(200),
            .sent = from_ns(230),
            .first_byte = from_ns(300),
            .done = from_ns(230 + service_ns)};
  return one;
}

CallRecord call(Outcome outcome, std::int64_t response_ns) {
  return {.outcome = outcome,
          .due = from_ns(5),
          .ready = from_ns(10),
          .done = from_ns(10 + response_ns)};
}

TEST(Recorder, an_attempt_goes_into_every_histogram_of_an_attempt) {
  Recorder recorder;
  recorder.on_attempt(sample());
  EXPECT_EQ(recorder.metric(Metric::service_time).ok.max(), Nanos{1000});
  EXPECT_EQ(recorder.metric(Metric::ttfb).ok.max(), Nanos{70});
  EXPECT_EQ(recorder.metric(Metric::cap_wait).ok.max(), Nanos{50});
  EXPECT_EQ(recorder.metric(Metric::connection_wait).ok.max(), Nanos{40});
  EXPECT_EQ(recorder.metric(Metric::send_lag).ok.max(), Nanos{40});
  EXPECT_TRUE(recorder.metric(Metric::response_time).ok.empty());
}

TEST(Recorder, failures_are_recorded_apart_from_successes) {
  Recorder recorder;
  for (std::size_t i = 0; i < outcome_count; ++i)
    recorder.on_attempt(sample(static_cast<Outcome>(i)));
  EXPECT_EQ(recorder.metric(Metric::service_time).ok.count(), 1u);
  EXPECT_EQ(recorder.metric(Metric::service_time).failed.count(), outcome_count - 1);
  for (const std::uint64_t attempts : recorder.attempt_outcomes()) EXPECT_EQ(attempts, 1u);
}

TEST(Recorder, an_attempt_that_never_connected_has_no_service_time) {
  Recorder recorder;
  Sample refused = sample(Outcome::connect_refused);
  refused.at.connected = refused.at.sent = refused.at.first_byte = unset;
  recorder.on_attempt(refused);
  EXPECT_TRUE(recorder.metric(Metric::service_time).failed.empty());
  EXPECT_EQ(recorder.metric(Metric::cap_wait).failed.count(), 1u);
  EXPECT_EQ(recorder.attempt_count(), 1u);
}

TEST(Recorder, raw_samples_stop_at_the_limit_while_histograms_go_on) {
  Recorder recorder(3);
  for (int i = 0; i < 3; ++i) recorder.on_attempt(sample());
  EXPECT_FALSE(recorder.raw_overflowed());
  for (int i = 0; i < 2; ++i) recorder.on_attempt(sample());
  for (int i = 0; i < 5; ++i) recorder.on_call(call(Outcome::unfinished, 1));
  EXPECT_TRUE(recorder.raw_overflowed());
  EXPECT_EQ(recorder.attempts().size(), 3u);
  EXPECT_EQ(recorder.calls().size(), 3u);
  EXPECT_EQ(recorder.attempt_count(), 5u);
  EXPECT_EQ(recorder.metric(Metric::service_time).ok.count(), 5u);
  EXPECT_EQ(recorder.metric(Metric::response_time).failed.count(), 5u);
}

TEST(Recorder, calls_and_sessions_count_into_progress_and_totals) {
  Recorder recorder;
  recorder.on_call(call(Outcome::ok, 20));
  recorder.on_call(call(Outcome::deadline, 40));
  recorder.on_session({.ok = true, .due = from_ns(10), .done = from_ns(30)});
  recorder.on_session({.ok = false, .due = from_ns(10), .done = from_ns(50)});
  EXPECT_EQ(recorder.progress().calls_done, 2u);
  EXPECT_EQ(recorder.progress().calls_failed, 1u);
  EXPECT_EQ(recorder.metric(Metric::response_time).ok.max(), Nanos{20});
  EXPECT_EQ(recorder.metric(Metric::session_time).failed.max(), Nanos{40});
  EXPECT_EQ(recorder.sessions_ok(), 1u);
  EXPECT_EQ(recorder.sessions_failed(), 1u);
  ASSERT_EQ(recorder.calls().size(), 2u);
  EXPECT_EQ(recorder.calls()[1].outcome, Outcome::deadline);
}

TEST(Recorder, remembers_the_peak_in_flight_the_last_done_and_reuse) {
  Recorder recorder;
  EXPECT_EQ(recorder.last_done(), unset);
  for (const std::size_t in_flight : {1, 2, 3, 2, 1}) recorder.on_in_flight(in_flight);
  recorder.on_attempt(sample(Outcome::ok, 9000));
  Sample reused = sample(Outcome::ok, 500);
  reused.reused_connection = true;
  recorder.on_attempt(reused);
  EXPECT_EQ(recorder.peak_in_flight(), 3u);
  EXPECT_EQ(recorder.progress().in_flight, 1u);
  EXPECT_EQ(recorder.last_done(), from_ns(9230));
  EXPECT_EQ(recorder.reused_connections(), 1u);
}

TEST(Recorder, reserving_leaves_the_recorder_empty) {
  Recorder recorder(10);
  recorder.reserve(1'000'000'000'000);
  EXPECT_TRUE(recorder.attempts().empty());
  EXPECT_TRUE(recorder.calls().empty());
  EXPECT_GE(recorder.attempts().capacity(), 10u);
}

}  // namespace
}  // namespace atonce
