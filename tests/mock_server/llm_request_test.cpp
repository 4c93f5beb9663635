#include "mock_server/llm_request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace atonce::mock {
namespace {

using testing::HasSubstr;

/// `more` follows the fields that each API requires.
LlmRequest parsed(LlmApi api, const std::string& more) {
  return parse_llm_request(api, R"({"model":"m","max_tokens":9,"messages":[])" + more + "}");
}

std::string error_of(LlmApi api, const std::string& body) {
  try {
    parse_llm_request(api, body);
    return "";
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
}

TEST(LlmRequest, what_shapes_the_answer_is_read) {
  const auto request = parse_llm_request(LlmApi::openai, R"({
    "model": "m\"x", "stream": true, "stream_options": {"include_usage": true}, "n": 3,
    "max_tokens": 5, "max_completion_tokens": 7, "temperature": 0.5, "unknown": [{}],
    "messages": [{"role": "user", "content": "eight by"},
                 {"role": "user", "content": [{"type": "text", "text": "four"}, {"type": "x"}]},
                 {"role": "assistant", "content": null}]})");
  EXPECT_EQ(request.model, R"("m\"x")");
  EXPECT_TRUE(request.is_stream);
  EXPECT_TRUE(request.include_usage);
  EXPECT_EQ(request.choices, 3u);
  EXPECT_EQ(request.max_tokens, 7u);
  EXPECT_EQ(request.prompt_tokens, 3u);
  EXPECT_EQ(request.tool_use, ToolUse::never);
}

TEST(LlmRequest, null_is_the_same_as_nothing) {
  const auto request = parsed(LlmApi::openai, R"(,"stream":null,"n":null,"tools":null)");
  EXPECT_FALSE(request.is_stream);
  EXPECT_EQ(request.choices, 1u);
}

TEST(LlmRequest, the_choice_of_a_tool_is_read_in_each_apis_words) {
  const std::string openai =
      R"(,"tools":[{"type":"function","function":{"name":"a"}},{"type":"function","function":{"name":"b"}}])";
  const std::string anthropic = R"(,"tools":[{"name":"a"},{"name":"b"}])";
  struct Case {
    LlmApi api;
    std::string choice;
    ToolUse use;
    std::string tool;
  };
  for (const Case& c : std::vector<Case>{
           {LlmApi::openai, "null", ToolUse::possible, "\"a\""},
           {LlmApi::openai, "\"auto\"", ToolUse::possible, "\"a\""},
           {LlmApi::openai, "\"none\"", ToolUse::never, "\"a\""},
           {LlmApi::openai, "\"required\"", ToolUse::forced, "\"a\""},
           {LlmApi::openai, R"({"type":"function","function":{"name":"b"}})", ToolUse::forced,
            "\"b\""},
           {LlmApi::anthropic, R"({"type":"auto"})", ToolUse::possible, "\"a\""},
           {LlmApi::anthropic, R"({"type":"none"})", ToolUse::never, "\"a\""},
           {LlmApi::anthropic, R"({"type":"any"})", ToolUse::forced, "\"a\""},
           {LlmApi::anthropic, R"({"type":"tool","name":"b"})", ToolUse::forced, "\"b\""},
       }) {
    const auto& tools = c.api == LlmApi::openai ? openai : anthropic;
    const auto request = parsed(c.api, tools + ",\"tool_choice\":" + c.choice);
    EXPECT_EQ(request.tool_use, c.use) << c.choice;
    EXPECT_EQ(request.tool, c.tool) << c.choice;
  }
}

TEST(LlmRequest, what_is_wrong_is_said) {
  const auto openai = [](const std::string& body) { return error_of(LlmApi::openai, body); };
  EXPECT_THAT(openai(""), HasSubstr("not a JSON object"));
  EXPECT_THAT(openai("[]"), HasSubstr("not a JSON object"));
  EXPECT_THAT(openai("{\"model\":\"\xff\"}"), HasSubstr("not a JSON object"));
  EXPECT_THAT(openai(R"({"messages":[]})"), HasSubstr("missing required field: model"));
  EXPECT_THAT(openai(R"({"model":"m"})"), HasSubstr("missing required field: messages"));
  EXPECT_THAT(openai(R"({"model":"m","messages":{}})"), HasSubstr("messages: expected a list"));
  EXPECT_THAT(openai(R"({"model":"m","messages":[1]})"), HasSubstr("messages: "));
  for (const char* field :
       {R"("n":0)", R"("n":-1)", R"("n":1.5)", R"("max_tokens":"9")", R"("stream":1)",
        R"("stream_options":[])", R"("tools":{})", R"("tools":[{}])", R"("tools":[3])"}) {
    EXPECT_NE(openai(R"({"model":"m","messages":[],)" + std::string(field) + "}"), "") << field;
  }
  EXPECT_THAT(error_of(LlmApi::anthropic, R"({"model":"m","messages":[]})"),
              HasSubstr("missing required field: max_tokens"));
}

TEST(LlmRequest, deep_nesting_does_no_harm) {
  const std::string deep(1'000'000, '[');
  EXPECT_NE(error_of(LlmApi::openai, deep), "");
  const std::string closed = deep + std::string(deep.size(), ']');
  EXPECT_EQ(error_of(LlmApi::openai, R"({"model":"m","messages":[],"x":)" + closed + "}"), "");
}

}  // namespace
}  // namespace atonce::mock
