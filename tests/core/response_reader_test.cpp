#include "core/response_reader.h"

#include <gtest/gtest.h>

#include <string>

namespace atonce {
namespace {

const std::string role = R"(data: {"choices":[{"delta":{"role":"assistant","content":""}}]})"
                         "\n\n";
const std::string hello = R"(data: {"choices":[{"delta":{"content":"Hello"}}]})"
                          "\n\n";
const std::string done = "data: [DONE]\n\n";

class ResponseReaderTest : public testing::Test {
 protected:
  void begin_stream(std::string_view type = "text/event-stream; charset=utf-8") {
    reader.begin(Attempt{});
    reader.on_header("Content-Type", type);
  }
  Outcome end(Outcome outcome) {
    reader.end(outcome);
    return reader.sample().outcome;
  }
  ResponseReader reader;
};

TEST_F(ResponseReaderTest, stamps_the_events_of_a_stream) {
  begin_stream();
  reader.on_body(role, from_ns(100));
  reader.on_body(hello + hello, from_ns(200));
  reader.on_body(hello + done, from_ns(300));
  EXPECT_EQ(end(Outcome::ok), Outcome::ok);
  const Sample& sample = reader.sample();
  EXPECT_EQ(sample.at.first_event, from_ns(100));
  ASSERT_EQ(sample.token_arrivals.size(), 3u);
  EXPECT_EQ(sample.token_arrivals[0], from_ns(200));
  EXPECT_EQ(sample.token_arrivals[2], from_ns(300));
  EXPECT_EQ(sample.stream.events, 5u);
  EXPECT_EQ(sample.stream.tokens, 3u);
  EXPECT_EQ(sample.body_bytes, role.size() + 3 * hello.size() + done.size());
}

TEST_F(ResponseReaderTest, an_event_belongs_to_the_read_that_completed_it) {
  begin_stream();
  reader.on_body(hello.substr(0, 20), from_ns(100));
  reader.on_body(hello.substr(20) + done, from_ns(200));
  end(Outcome::ok);
  EXPECT_EQ(reader.sample().token_arrivals.front(), from_ns(200));
}

TEST_F(ResponseReaderTest, a_body_of_another_type_is_counted_only) {
  begin_stream("application/json");
  reader.on_body(hello, from_ns(100));
  EXPECT_EQ(end(Outcome::ok), Outcome::ok);
  EXPECT_EQ(reader.sample().stream.events, 0u);
  EXPECT_EQ(reader.sample().body_bytes, hello.size());
}

TEST_F(ResponseReaderTest, a_stream_without_its_end_mark_is_truncated_and_its_tokens_are_kept) {
  begin_stream();
  reader.on_body(hello, from_ns(100));
  EXPECT_EQ(end(Outcome::ok), Outcome::truncated);
  EXPECT_EQ(reader.sample().token_arrivals.size(), 1u);
}

TEST_F(ResponseReaderTest, what_went_wrong_first_decides) {
  begin_stream();
  reader.on_body("data: {\"choices\":[]}\n\ndata: {\"error\":{}}\n\ndata: {cut\n\n", from_ns(1));
  EXPECT_EQ(end(Outcome::reset), Outcome::stream_error);
  begin_stream();
  reader.on_body("data: {\"choices\":[]}\n\ndata: {cut\n\n", from_ns(1));
  EXPECT_EQ(end(Outcome::ok), Outcome::malformed);
}

TEST_F(ResponseReaderTest, what_http_saw_go_wrong_stays_when_the_stream_itself_was_fine) {
  for (const Outcome outcome : {Outcome::reset, Outcome::read_timeout, Outcome::truncated}) {
    begin_stream();
    reader.on_body(hello, from_ns(1));
    EXPECT_EQ(end(outcome), outcome);
  }
}

TEST_F(ResponseReaderTest, a_cancelled_stream_is_cancelled_whatever_it_brought) {
  begin_stream();
  reader.on_body("data: {\"choices\":[]}\n\ndata: {\"error\":{}}\n\n", from_ns(1));
  EXPECT_EQ(end(Outcome::cancelled), Outcome::cancelled);
}

TEST_F(ResponseReaderTest, a_refusal_stays_one_whatever_its_events_say) {
  begin_stream();
  reader.sample().status = 429;
  reader.on_body("event: error\ndata: {\"error\":{}}\n\n", from_ns(1));
  EXPECT_EQ(end(Outcome::rate_limited), Outcome::rate_limited);
}

TEST_F(ResponseReaderTest, a_stream_that_ends_before_its_first_event_is_truncated) {
  begin_stream();
  reader.sample().status = 200;
  reader.on_body(": keep-alive\n\n", from_ns(1));
  EXPECT_EQ(end(Outcome::ok), Outcome::truncated);
}

TEST_F(ResponseReaderTest, usage_counts_the_tokens_where_the_api_tells) {
  begin_stream();
  reader.on_body(
      hello + hello + "data: {\"choices\":[],\"usage\":{\"completion_tokens\":7}}\n\n" + done,
      from_ns(1));
  end(Outcome::ok);
  EXPECT_EQ(reader.sample().stream.tokens, 7u);
  EXPECT_EQ(reader.sample().token_arrivals.size(), 2u);
}

TEST_F(ResponseReaderTest, begins_afresh_for_every_attempt) {
  begin_stream();
  reader.on_header("Retry-After", "3");
  reader.on_body(hello.substr(0, 20), from_ns(1));
  end(Outcome::reset);
  begin_stream();
  reader.on_body(hello + done, from_ns(2));
  EXPECT_EQ(end(Outcome::ok), Outcome::ok);
  EXPECT_EQ(reader.sample().token_arrivals.size(), 1u);
  EXPECT_FALSE(reader.sample().retry.after);
}

}  // namespace
}  // namespace atonce
