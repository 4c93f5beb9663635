#include "core/llm_event.h"

#include <gtest/gtest.h>

namespace atonce {
namespace {

using enum EventMeaning;

EventMeaning read_one(LlmEvents& events, std::string_view data, std::string_view type = "") {
  return events.read({.type = type, .data = data});
}

constexpr std::string_view openai_role =
    R"({"id":"c","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}],"usage":null})";
constexpr std::string_view openai_token = R"({"choices":[{"index":0,"delta":{"content":"Hel"}}]})";

TEST(LlmEvents, follows_an_openai_stream) {
  LlmEvents events;
  EXPECT_EQ(read_one(events, openai_role), choice);
  EXPECT_TRUE(events.has_end_mark());
  EXPECT_EQ(read_one(events, openai_token), token);
  EXPECT_EQ(read_one(events, R"({"choices":[{"delta":{},"finish_reason":"stop"}]})"), choice);
  EXPECT_EQ(read_one(events, R"({"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":2}})"),
            other);
  EXPECT_EQ(events.usage_tokens(), 2u);
  EXPECT_EQ(read_one(events, "[DONE]"), end);
}

TEST(LlmEvents, counts_tool_calls_and_reasoning_as_content) {
  LlmEvents events;
  EXPECT_EQ(
      read_one(
          events,
          R"({"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"name":"f","arguments":""}}]}}]})"),
      choice);
  EXPECT_EQ(
      read_one(
          events,
          R"({"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"q\""}}]}}]})"),
      token);
  EXPECT_EQ(read_one(events, R"({"choices":[{"delta":{"reasoning_content":"hm"}}]})"), token);
}

TEST(LlmEvents, follows_an_anthropic_stream) {
  LlmEvents events;
  EXPECT_EQ(read_one(events, R"({"type":"message_start","message":{"usage":{"output_tokens":1}}})",
                     "message_start"),
            other);
  EXPECT_TRUE(events.has_end_mark());
  EXPECT_EQ(read_one(events, R"({"type":"content_block_start","content_block":{"text":""}})",
                     "content_block_start"),
            choice);
  EXPECT_EQ(read_one(events, R"({"type": "ping"})", "ping"), other);
  const std::string_view delta = "content_block_delta";
  EXPECT_EQ(read_one(events, R"({"delta":{"type":"text_delta","text":"Hi"}})", delta), token);
  EXPECT_EQ(read_one(events, R"({"delta":{"partial_json":"{\"q\""}})", delta), token);
  EXPECT_EQ(read_one(events, R"({"delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":6}})",
                     "message_delta"),
            other);
  EXPECT_EQ(events.usage_tokens(), 6u);
  EXPECT_EQ(read_one(events, R"({"type":"message_stop"})", "message_stop"), end);
}

TEST(LlmEvents, tells_an_error_whether_it_comes_first_or_later) {
  LlmEvents first;
  EXPECT_EQ(read_one(first, R"({"error":{"message":"overloaded"}})"), error);
  LlmEvents later;
  read_one(later, openai_token);
  EXPECT_EQ(read_one(later, R"({"error":{"message":"overloaded"}})"), error);
  EXPECT_EQ(read_one(later, R"({"error":null,"choices":[{"delta":{"content":"x"}}]})"), token);
  LlmEvents named;
  EXPECT_EQ(read_one(named, R"({"type":"error","error":{"type":"overloaded_error"}})", "error"),
            error);
}

TEST(LlmEvents, tells_what_is_no_json_within_a_known_stream) {
  for (const std::string_view bad :
       {R"({"choices":[{"delta":{"content":"Hel)", "{}x", "nonsense", "", "{\"a\":\"\xFF\"}"}) {
    LlmEvents events;
    read_one(events, openai_token);
    EXPECT_EQ(read_one(events, bad), malformed) << bad;
  }
}

TEST(LlmEvents, takes_every_event_of_an_unknown_stream_for_a_token) {
  LlmEvents events;
  EXPECT_EQ(read_one(events, "just text"), token);
  EXPECT_FALSE(events.has_end_mark());
  EXPECT_EQ(read_one(events, "{}"), token);
}

TEST(LlmEvents, is_not_misled_by_the_same_words_elsewhere) {
  LlmEvents events;
  read_one(events, openai_role);
  EXPECT_EQ(read_one(events, R"({"choices":[{"delta":{"x":{"content":"no"}}}]})"), choice);
  EXPECT_EQ(read_one(events, R"({"delta":[{"text":"no"}],"choices":[]})"), other);
  EXPECT_EQ(read_one(events, R"({"note":{"error":{}},"choices":[{"delta":{}}]})"), choice);
  const std::string deep = std::string(20, '[') + R"({"content":"x"})" + std::string(20, ']');
  EXPECT_EQ(read_one(events, R"({"a":)" + deep + R"(,"choices":[{"delta":{"content":"y"}}]})"),
            token);
}

}  // namespace
}  // namespace atonce
