/// Anthropic's messages.

#include <fmt/format.h>

#include "mock_server/llm_formats.h"

namespace atonce::mock::anthropic {
namespace {

std::string_view stop_reason(const LlmAnswer& answer) {
  if (answer.is_cut) return "max_tokens";
  return answer.calls_tool ? "tool_use" : "end_turn";
}

std::string event(std::string_view name, std::string_view data) {
  return fmt::format("event: {}\ndata: {}\n\n", name, data);
}

/// `stop` is null in JSON as long as the answer goes on.
std::string message(const LlmAnswer& answer, std::string_view content, std::string_view stop,
                    std::size_t output_tokens) {
  return fmt::format(
      R"({{"id":"msg_{}","type":"message","role":"assistant","model":{},"content":[{}],)"
      R"("stop_reason":{},"stop_sequence":null,"usage":{{"input_tokens":{},"output_tokens":{}}}}})",
      answer.id, answer.request.model, content, stop, answer.request.prompt_tokens, output_tokens);
}

std::string tool_block(const LlmAnswer& answer, std::string_view input) {
  return fmt::format(R"({{"type":"tool_use","id":"toolu_{}","name":{},"input":{}}})", answer.id,
                     answer.request.tool, input);
}

std::string_view error_type(std::uint16_t status) {
  switch (status) {
    case 401:
      return "authentication_error";
    case 403:
      return "permission_error";
    case 404:
      return "not_found_error";
    case 413:
      return "request_too_large";
    case 429:
      return "rate_limit_error";
    case 529:
      return "overloaded_error";
    default:
      return status < 500 ? "invalid_request_error" : "api_error";
  }
}

}  // namespace

LlmEvents render_events(const LlmAnswer& answer) {
  const auto start = message(answer, "", "null", 1);
  const auto block =
      answer.calls_tool ? tool_block(answer, "{}") : std::string(R"({"type":"text","text":""})");
  const std::string_view delta = answer.calls_tool
                                     ? R"({"type":"input_json_delta","partial_json":")"
                                     : R"({"type":"text_delta","text":")";
  LlmEvents events;
  events.opening =
      event("message_start", fmt::format(R"({{"type":"message_start","message":{}}})", start)) +
      event(
          "content_block_start",
          fmt::format(R"({{"type":"content_block_start","index":0,"content_block":{}}})", block)) +
      event("ping", R"({"type": "ping"})");
  events.choices = {{.before = fmt::format("event: content_block_delta\ndata: "
                                           R"({{"type":"content_block_delta","index":0,"delta":{})",
                                           delta),
                     .after = "\"}}\n\n"}};
  events.ending =
      event("content_block_stop", R"({"type":"content_block_stop","index":0})") +
      event("message_delta",
            fmt::format(
                R"({{"type":"message_delta","delta":{{"stop_reason":"{}","stop_sequence":null}},)"
                R"("usage":{{"output_tokens":{}}}}})",
                stop_reason(answer), answer.tokens)) +
      event("message_stop", R"({"type":"message_stop"})");
  events.error = event("error", error(529, "Overloaded"));
  return events;
}

std::string render_body(const LlmAnswer& answer) {
  std::string words;
  answer.texts.front().append_words(words, answer.tokens);
  const auto content = answer.calls_tool
                           ? tool_block(answer, fmt::format(R"({{"query":"{}"}})", words))
                           : fmt::format(R"({{"type":"text","text":"{}"}})", words);
  return message(answer, content, fmt::format(R"("{}")", stop_reason(answer)), answer.tokens);
}

CannedResponse::Headers headers(const LlmAnswer& answer) {
  return {{"request-id", "req_" + answer.id}};
}

std::string error(std::uint16_t status, std::string_view text) {
  return fmt::format(R"({{"type":"error","error":{{"type":"{}","message":{}}}}})",
                     error_type(status), quoted(text));
}

}  // namespace atonce::mock::anthropic
