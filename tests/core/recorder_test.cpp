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

/// Keeps what it is told.
struct Listener : CallSink {
  void begin(Instant at) override { start = at; }
  void on_call(const CallRecord& call, bool warm_up) override {
    (warm_up ? warm_ups : measured).push_back(call.session);
  }

  Instant start{};
  std::vector<std::uint32_t> warm_ups, measured;
};

TEST(Recorder, passes_on_every_call_beyond_the_limit_of_raw_samples_too) {
  Recorder recorder(2);
  Listener listener;
  recorder.pass_calls_to(listener);
  recorder.begin(from_ns(3), {.sessions = 1});
  for (std::uint32_t session = 0; session < 5; ++session) {
    CallRecord one = call(Outcome::ok, 20);
    one.session = session;
    recorder.on_call(one);
  }
  EXPECT_EQ(recorder.calls().size(), 2u);
  EXPECT_EQ(listener.start, from_ns(3));
  EXPECT_EQ(listener.warm_ups, (std::vector<std::uint32_t>{0}));
  EXPECT_EQ(listener.measured, (std::vector<std::uint32_t>{1, 2, 3, 4}));
}

TEST(Recorder, calls_and_sessions_count_into_progress_and_totals) {
  Recorder recorder;
  recorder.on_call(call(Outcome::ok, 20));
  recorder.on_call(call(Outcome::deadline, 40));
  recorder.on_session({.ok = true, .due = from_ns(10), .done = from_ns(30)});
  recorder.on_session({.ok = false, .due = from_ns(10), .done = from_ns(50)});
  const ProgressCounts counts = counts_of(recorder.progress());
  EXPECT_EQ(calls_done(counts), 2u);
  EXPECT_EQ(counts.calls[index(Outcome::deadline)], 1u);
  EXPECT_EQ(recorder.metric(Metric::response_time).ok.max(), Nanos{20});
  EXPECT_EQ(recorder.metric(Metric::session_time).failed.max(), Nanos{40});
  EXPECT_EQ(recorder.sessions_ok(), 1u);
  EXPECT_EQ(recorder.sessions_failed(), 1u);
  ASSERT_EQ(recorder.calls().size(), 2u);
  EXPECT_EQ(recorder.calls()[1].outcome, Outcome::deadline);
}

TEST(Recorder, remembers_the_peak_in_flight_the_last_done_and_reuse) {
  Recorder recorder;
  EXPECT_EQ(recorder.last_end(), unset);
  for (const std::size_t in_flight : {1, 2, 3, 2, 1}) recorder.on_in_flight(in_flight);
  recorder.on_attempt(sample(Outcome::ok, 9000));
  Sample reused = sample(Outcome::ok, 500);
  reused.reused_connection = true;
  recorder.on_attempt(reused);
  EXPECT_EQ(recorder.peak_in_flight(), 3u);
  EXPECT_EQ(recorder.progress().in_flight, 1u);
  EXPECT_EQ(recorder.last_end(), from_ns(9230));
  EXPECT_EQ(recorder.reused_connections(), 1u);
}

TEST(Recorder, reserving_leaves_the_recorder_empty) {
  Recorder recorder(10);
  recorder.reserve(1'000'000'000'000);
  EXPECT_TRUE(recorder.attempts().empty());
  EXPECT_TRUE(recorder.calls().empty());
  EXPECT_GE(recorder.attempts().capacity(), 10u);
}

Sample streamed(const std::vector<Instant>& arrivals) {
  Sample sample;
  sample.outcome = Outcome::ok;
  sample.at.sent = from_ns(100);
  sample.at.first_event = from_ns(150);
  sample.at.done = from_ns(1000);
  sample.stream = {.events = 9, .tokens = static_cast<std::uint32_t>(arrivals.size())};
  sample.token_arrivals = arrivals;
  return sample;
}

TEST(Recorder, keeps_token_arrivals_beyond_the_life_of_the_buffer_they_came_in) {
  Recorder recorder;
  for (std::int64_t i = 0; i < 1000; ++i) {
    const std::vector<Instant> arrivals(200, from_ns(200 + i));
    recorder.on_attempt(streamed(arrivals));
  }
  EXPECT_EQ(recorder.attempts()[7].token_arrivals.size(), 200u);
  EXPECT_EQ(recorder.attempts()[7].token_arrivals[199], from_ns(207));
  EXPECT_EQ(recorder.attempts()[999].token_arrivals[0], from_ns(1199));
  EXPECT_EQ(recorder.tokens(), 200'000u);
  EXPECT_EQ(recorder.events(), 9'000u);
}

TEST(Recorder, measures_a_stream_token_by_token) {
  Recorder recorder;
  recorder.on_attempt(streamed({from_ns(200), from_ns(300), from_ns(500)}));
  EXPECT_EQ(recorder.metric(Metric::first_event).ok.max(), Nanos{50});
  EXPECT_EQ(recorder.metric(Metric::ttft).ok.max(), Nanos{100});
  EXPECT_EQ(recorder.metric(Metric::tpot).ok.max(), Nanos{150});
  EXPECT_EQ(recorder.metric(Metric::chunk_gap).ok.count(), 2u);
  EXPECT_EQ(recorder.metric(Metric::chunk_gap).ok.min(), Nanos{100});
  EXPECT_EQ(recorder.metric(Metric::chunk_gap).ok.max(), Nanos{200});
}

TEST(Recorder, the_warm_up_is_counted_but_in_no_histogram) {
  Recorder recorder;
  recorder.begin(from_ns(100), {.sessions = 2, .span = Nanos{50}});
  const auto play = [&](std::uint32_t session, std::int64_t due) {
    Sample attempt = sample();
    attempt.id.session = session;
    attempt.at.due = attempt.at.ready = from_ns(due);
    recorder.on_attempt(attempt);
    recorder.on_call({.session = session,
                      .outcome = Outcome::ok,
                      .due = from_ns(due),
                      .ready = from_ns(due),
                      .done = from_ns(due + 10)});
    recorder.on_session({.session = session, .due = from_ns(due), .done = from_ns(due + 10)});
  };
  play(0, 100);
  play(1, 160);  // by its number
  play(2, 149);  // by its due time
  play(3, 150);
  play(4, 170);
  for (const Metric metric : {Metric::response_time, Metric::service_time, Metric::session_time})
    EXPECT_EQ(recorder.metric(metric).ok.count() + recorder.metric(metric).failed.count(), 2u);
  EXPECT_EQ(recorder.warm_up().calls, 3u);
  EXPECT_EQ(recorder.warm_up().calls_ok, 3u);
  EXPECT_EQ(recorder.warm_up().attempts, 3u);
  EXPECT_EQ(recorder.measured_from(), from_ns(150));
  EXPECT_EQ(recorder.attempt_count(), 5u);
  EXPECT_EQ(recorder.series().slices[0].ok, 5u);
}

TEST(Recorder, counts_the_sessions_whose_first_call_was_sent) {
  Recorder recorder;
  recorder.begin(from_ns(100), {});
  Sample first = sample(), again = sample(), other_call = sample(), unsent = sample();
  again.id.attempt = 1;
  other_call.id.call = 1;
  unsent.at.sent = unset;
  for (const Sample& one : {first, again, other_call, unsent}) recorder.on_attempt(one);
  EXPECT_EQ(recorder.sent_sessions().count, 1u);
  EXPECT_EQ(recorder.sent_sessions().last, Nanos{130});
}

TEST(Recorder, knows_the_first_look_after_each_attempt_when_it_is_to_keep_them) {
  Recorder recorder, forgetful;
  recorder.keep_looks();
  for (Recorder* one : {&recorder, &forgetful}) {
    one->begin(from_ns(100), {});
    one->on_attempt(sample());
    one->on_attempt(sample());
    one->on_look(from_ns(2000), 0);
    one->on_look(from_ns(3000), 0);
    one->on_attempt(sample());
    one->on_look(from_ns(4000), 0);
    one->on_attempt(sample());
  }
  const std::vector<Instant> looks{from_ns(2000), from_ns(2000), from_ns(4000)};
  EXPECT_EQ(recorder.looks(), looks);
  EXPECT_TRUE(forgetful.looks().empty());
}

TEST(Recorder, notes_how_late_a_loop_is) {
  Recorder recorder;
  recorder.on_heartbeat({.due = from_ns(100), .ran = from_ns(130)});
  EXPECT_EQ(recorder.metric(Metric::loop_lag).ok.max(), Nanos{30});
}

}  // namespace
}  // namespace atonce
