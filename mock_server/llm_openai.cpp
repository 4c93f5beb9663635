/// OpenAI's chat completions.

#include <fmt/format.h>

#include "mock_server/llm_formats.h"

namespace atonce::mock::openai {
namespace {

/// Not the real time: the same attempt gets the same bytes.
constexpr std::int64_t created = 1'767'225'600;

std::string_view finish_reason(const LlmAnswer& answer) {
  if (answer.is_cut) return "length";
  return answer.calls_tool ? "tool_calls" : "stop";
}

std::string usage(const LlmAnswer& answer) {
  const auto prompt = answer.request.prompt_tokens;
  const auto completion = answer.tokens * answer.request.choices;
  return fmt::format(R"({{"prompt_tokens":{},"completion_tokens":{},"total_tokens":{},)"
                     R"("prompt_tokens_details":{{"cached_tokens":0,"audio_tokens":0}},)"
                     R"("completion_tokens_details":{{"reasoning_tokens":0,"audio_tokens":0,)"
                     R"("accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}}})",
                     prompt, completion, prompt + completion);
}

/// Up to where the choices begin.
std::string beginning(const LlmAnswer& answer, std::string_view object) {
  return fmt::format(R"({{"id":"chatcmpl-{}","object":"{}","created":{},"model":{},)"
                     R"("service_tier":"default","system_fingerprint":"fp_mock","choices":[)",
                     answer.id, object, created, answer.request.model);
}

std::string tool_call(const LlmAnswer& answer, std::size_t choice, std::string_view arguments) {
  return fmt::format(
      R"({{"id":"call_{}_{}","type":"function","function":{{"name":{},"arguments":"{}"}}}})",
      answer.id, choice, answer.request.tool, arguments);
}

std::string first_delta(const LlmAnswer& answer, std::size_t choice) {
  if (!answer.calls_tool) return R"({"role":"assistant","content":"","refusal":null})";
  const auto call = tool_call(answer, choice, "");
  return fmt::format(R"({{"role":"assistant","content":null,"tool_calls":[{{"index":0,{}]}})",
                     std::string_view(call).substr(1));
}

std::string message(const LlmAnswer& answer, std::size_t choice) {
  std::string words;
  answer.texts[choice].append_words(words, answer.tokens);
  if (!answer.calls_tool) {
    return fmt::format(R"({{"role":"assistant","content":"{}","refusal":null}})", words);
  }
  const auto arguments =
      fmt::format("{}{}{}", arguments_begin, words, answer.is_cut ? "" : arguments_end);
  return fmt::format(R"({{"role":"assistant","content":null,"refusal":null,"tool_calls":[{}]}})",
                     tool_call(answer, choice, arguments));
}

}  // namespace

LlmEvents render_events(const LlmAnswer& answer) {
  const auto begin = "data: " + beginning(answer, "chat.completion.chunk");
  const std::string_view end = answer.request.include_usage ? "],\"usage\":null}\n\n" : "]}\n\n";
  const std::string_view delta = answer.calls_tool
                                     ? R"({"tool_calls":[{"index":0,"function":{"arguments":")"
                                     : R"({"content":")";
  const std::string_view delta_end = answer.calls_tool ? R"("}}]})" : R"("})";
  constexpr std::string_view unfinished = R"(,"logprobs":null,"finish_reason":null})";
  LlmEvents events;
  for (std::size_t i = 0; i < answer.request.choices; ++i) {
    const auto choice = fmt::format(R"({}{{"index":{},"delta":)", begin, i);
    events.opening += fmt::format("{}{}{}{}", choice, first_delta(answer, i), unfinished, end);
    events.choices.push_back({.before = fmt::format("{}{}", choice, delta),
                              .after = fmt::format("{}{}{}", delta_end, unfinished, end)});
    events.ending += fmt::format(R"({}{{}},"logprobs":null,"finish_reason":"{}"}}{})", choice,
                                 finish_reason(answer), end);
  }
  if (answer.request.include_usage) {
    events.ending += fmt::format("{}],\"usage\":{}}}\n\n", begin, usage(answer));
  }
  events.ending += "data: [DONE]\n\n";
  events.error = fmt::format("data: {}\n\n", error(500, "the stream broke on purpose"));
  return events;
}

std::string render_body(const LlmAnswer& answer) {
  std::string body = beginning(answer, "chat.completion");
  for (std::size_t i = 0; i < answer.request.choices; ++i) {
    body += fmt::format(R"({}{{"index":{},"message":{},"logprobs":null,"finish_reason":"{}"}})",
                        i == 0 ? "" : ",", i, message(answer, i), finish_reason(answer));
  }
  return body + fmt::format(R"(],"usage":{}}})", usage(answer));
}

CannedResponse::Headers headers(const LlmAnswer& answer, Nanos ttft) {
  const auto processing = std::chrono::duration_cast<std::chrono::milliseconds>(ttft);
  return {{"x-request-id", "req_" + answer.id},
          {"openai-organization", "atonce"},
          {"openai-processing-ms", std::to_string(processing.count())},
          {"openai-version", "2020-10-01"}};
}

std::string error(std::uint16_t status, std::string_view text) {
  const bool is_limit = status == 429;
  const std::string_view type = is_limit        ? "requests"
                                : status >= 500 ? "server_error"
                                                : "invalid_request_error";
  const std::string_view code = is_limit        ? R"("rate_limit_exceeded")"
                                : status == 401 ? R"("invalid_api_key")"
                                                : "null";
  return fmt::format(R"({{"error":{{"message":{},"type":"{}","param":null,"code":{}}}}})",
                     quoted(text), type, code);
}

}  // namespace atonce::mock::openai
