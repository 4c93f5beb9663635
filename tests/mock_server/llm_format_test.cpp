/// Answers in the words of each API.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mock_server/llm_answer.h"
#include "tests/mock_server/sse.h"

namespace atonce::mock {
namespace {

using nlohmann::json;

LlmAnswer answer_of(LlmRequest request, std::size_t tokens = 12, bool is_cut = false) {
  request.model = "\"m\"";
  request.tool = "\"search\"";
  return make_answer(std::move(request), 1, AttemptId{.session = 7}, tokens, is_cut, 0);
}

std::vector<SseEvent> stream_of(LlmApi api, const LlmAnswer& answer) {
  const auto events = render_events(api, answer, false);
  std::string text = events.opening;
  for (std::size_t i = 0; i < answer.tokens; ++i) {
    append_token(text, events, answer, i, TokenShape::whole);
  }
  return parse_sse(text + events.ending);
}

TEST(OpenAiFormat, a_stream_says_what_the_whole_answer_says) {
  const auto answer = answer_of({.choices = 2});
  const auto whole = json::parse(render_body(LlmApi::openai, answer));
  const auto events = stream_of(LlmApi::openai, answer);
  for (const std::size_t choice : {0, 1}) {
    EXPECT_EQ(whole["choices"][choice]["message"]["content"], text_of(events, choice));
    EXPECT_EQ(whole["choices"][choice]["finish_reason"], "stop");
  }
  EXPECT_NE(text_of(events, 0), text_of(events, 1));
  EXPECT_EQ(whole["usage"]["completion_tokens"], 24);
}

TEST(OpenAiFormat, every_chunk_has_the_same_id_and_the_last_words_are_done) {
  const auto events = stream_of(LlmApi::openai, answer_of({}));
  EXPECT_EQ(events.back().data, "[DONE]");
  for (std::size_t i = 0; i + 1 < events.size(); ++i) {
    const auto chunk = events[i].json();
    EXPECT_EQ(chunk["object"], "chat.completion.chunk");
    EXPECT_EQ(chunk["id"], "chatcmpl-0000000700000000");
    EXPECT_EQ(chunk["model"], "m");
    EXPECT_FALSE(chunk.contains("usage"));
  }
  EXPECT_EQ(events[0].json()["choices"][0]["delta"]["role"], "assistant");
  EXPECT_EQ(events[events.size() - 2].json()["choices"][0]["finish_reason"], "stop");
}

TEST(OpenAiFormat, usage_comes_in_a_chunk_of_its_own_when_it_is_asked_for) {
  const auto events = stream_of(LlmApi::openai, answer_of({.include_usage = true}));
  for (std::size_t i = 0; i + 2 < events.size(); ++i) {
    EXPECT_EQ(events[i].json().at("usage"), nullptr);
  }
  const auto usage = events[events.size() - 2].json();
  EXPECT_TRUE(usage["choices"].empty());
  EXPECT_EQ(usage["usage"]["completion_tokens"], 12);
}

TEST(OpenAiFormat, the_parts_of_a_tool_call_add_up_to_its_arguments) {
  const auto answer = answer_of({.tool_use = ToolUse::forced});
  const auto whole = json::parse(render_body(LlmApi::openai, answer));
  const auto call = whole["choices"][0]["message"]["tool_calls"][0];
  EXPECT_EQ(call["function"]["name"], "search");
  EXPECT_TRUE(json::parse(call["function"]["arguments"].get<std::string>()).contains("query"));
  std::string arguments;
  for (const SseEvent& event : stream_of(LlmApi::openai, answer)) {
    if (event.data == "[DONE]") continue;
    const auto delta = event.json()["choices"][0]["delta"];
    if (!delta.contains("tool_calls")) continue;
    arguments += delta["tool_calls"][0]["function"]["arguments"].get<std::string>();
  }
  EXPECT_EQ(arguments, call["function"]["arguments"]);
  EXPECT_EQ(whole["choices"][0]["finish_reason"], "tool_calls");
}

TEST(OpenAiFormat, an_answer_at_its_limit_says_length) {
  const auto whole = json::parse(render_body(LlmApi::openai, answer_of({}, 3, true)));
  EXPECT_EQ(whole["choices"][0]["finish_reason"], "length");
}

TEST(AnthropicFormat, events_come_in_their_order_under_their_names) {
  std::vector<std::string> names;
  for (const SseEvent& event : stream_of(LlmApi::anthropic, answer_of({}, 2))) {
    EXPECT_EQ(event.json()["type"], event.name);
    names.push_back(event.name);
  }
  EXPECT_THAT(names, testing::ElementsAre("message_start", "content_block_start", "ping",
                                          "content_block_delta", "content_block_delta",
                                          "content_block_stop", "message_delta", "message_stop"));
}

TEST(AnthropicFormat, a_stream_says_what_the_whole_message_says) {
  const auto answer = answer_of({});
  const auto whole = json::parse(render_body(LlmApi::anthropic, answer));
  const auto events = stream_of(LlmApi::anthropic, answer);
  EXPECT_EQ(whole["content"][0]["text"], text_of(events));
  const auto delta = events[events.size() - 2].json();
  EXPECT_EQ(delta["delta"]["stop_reason"], whole["stop_reason"]);
  EXPECT_EQ(delta["usage"]["output_tokens"], 12);
  EXPECT_EQ(whole["usage"]["output_tokens"], 12);
}

TEST(AnthropicFormat, the_parts_of_a_tools_input_add_up_to_it) {
  const auto answer = answer_of({.tool_use = ToolUse::forced});
  const auto whole = json::parse(render_body(LlmApi::anthropic, answer));
  EXPECT_EQ(whole["content"][0]["name"], "search");
  EXPECT_EQ(whole["stop_reason"], "tool_use");
  std::string input;
  for (const SseEvent& event : stream_of(LlmApi::anthropic, answer)) {
    if (event.name != "content_block_delta") continue;
    input += event.json()["delta"]["partial_json"].get<std::string>();
  }
  EXPECT_EQ(json::parse(input), whole["content"][0]["input"]);
}

TEST(VendorError, has_the_vendors_shape) {
  const auto openai = json::parse(vendor_error(LlmApi::openai, 429, "a \"b\""))["error"];
  EXPECT_EQ(openai["message"], "a \"b\"");
  EXPECT_EQ(openai["code"], "rate_limit_exceeded");
  EXPECT_TRUE(openai.contains("param") && openai.contains("type"));
  const auto anthropic = json::parse(vendor_error(LlmApi::anthropic, 529, "x"));
  EXPECT_EQ(anthropic["type"], "error");
  EXPECT_EQ(anthropic["error"]["type"], "overloaded_error");
}

TEST(ToolCall, is_made_in_its_share_of_answers_when_the_request_leaves_it_open) {
  int called = 0;
  for (std::uint32_t i = 0; i < 2000; ++i) {
    const LlmRequest request{.model = "\"m\"", .tool_use = ToolUse::possible, .tool = "\"t\""};
    if (make_answer(request, 1, AttemptId{.session = i}, 1, false, 0.25).calls_tool) ++called;
  }
  EXPECT_NEAR(called, 500, 80);
}

}  // namespace
}  // namespace atonce::mock
