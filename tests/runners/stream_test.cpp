#include "tests/runners/conformance.h"

namespace atonce {
namespace {

using namespace std::chrono_literals;

using StreamTest = ConformanceTest;

TEST_P(StreamTest, every_token_is_stamped_when_it_arrives) {
  const auto played =
      play({.url = server.url(), .schedule = batch("/sse-gaps", 4), .policy = {.cap = 4}});
  ASSERT_EQ(played->calls(Outcome::ok), 4u);
  for (const Sample& sample : played->recorder.attempts()) {
    EXPECT_EQ(sample.stream.events, 5u);
    EXPECT_EQ(sample.stream.tokens, 3u);
    ASSERT_EQ(sample.token_arrivals.size(), 3u);
    EXPECT_LE(sample.at.first_byte, sample.at.first_event);
    EXPECT_LT(sample.at.first_event, sample.token_arrivals.front());
    EXPECT_LE(sample.token_arrivals.back(), sample.at.done);
    for (std::size_t i = 1; i < 3; ++i)
      EXPECT_GT(sample.token_arrivals[i] - sample.token_arrivals[i - 1], 1ms);
  }
  EXPECT_EQ(played->recorder.metric(Metric::ttft).ok.count(), 4u);
  EXPECT_EQ(played->recorder.metric(Metric::chunk_gap).ok.count(), 8u);
}

TEST_P(StreamTest, a_stream_that_stalls_ends_at_the_time_out_and_keeps_its_tokens) {
  const auto played = play({.url = server.url(),
                            .schedule = batch("/sse-stall", 2),
                            .policy = {.cap = 2, .attempt_timeout = 700ms}});
  ASSERT_EQ(played->calls(Outcome::read_timeout), 2u);
  for (const Sample& sample : played->recorder.attempts())
    EXPECT_EQ(sample.token_arrivals.size(), 1u);
  EXPECT_LT(played->took(), 10s);
}

TEST_P(StreamTest, tokens_of_a_cut_stream_are_kept) {
  for (const char* const path : {"/sse-cut", "/sse-reset", "/sse-error", "/sse-bad-json"}) {
    const auto played =
        play({.url = server.url(), .schedule = batch(path, 3), .policy = {.cap = 3}});
    for (const Sample& sample : played->recorder.attempts())
      EXPECT_EQ(sample.token_arrivals.size(), 1u) << path;
  }
}

TEST_P(StreamTest, what_the_server_says_about_another_try_is_heard) {
  const auto played =
      play({.url = server.url(),
            .schedule = batch("/hints", 2),
            .policy = {.cap = 2, .retry = {.max_attempts = 2, .base = 1h, .longest = 1h}}});
  EXPECT_EQ(played->recorder.attempt_count(), 4u);
  for (const Sample& sample : played->recorder.attempts()) {
    EXPECT_EQ(sample.retry.after, 30ms);
    EXPECT_EQ(sample.retry.should, true);
  }
  EXPECT_LT(played->took(), 9s) << "the exact one of both times counts";
}

ATONCE_FOR_EVERY_CONTENDER(StreamTest);

}  // namespace
}  // namespace atonce
