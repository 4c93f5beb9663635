#include "mock_server/llm_answer.h"

#include <nlohmann/json.hpp>

#include "core/random.h"
#include "mock_server/llm_formats.h"

namespace atonce::mock {
namespace {

void end_lines_in_crlf(std::string& text) {
  for (auto at = text.find('\n'); at != text.npos; at = text.find('\n', at + 2)) {
    text.insert(at, 1, '\r');
  }
}

}  // namespace

std::string quoted(std::string_view text) {
  return nlohmann::json(text).dump();
}

LlmAnswer make_answer(LlmRequest request, std::uint64_t seed, AttemptId id, std::size_t tokens,
                      bool is_cut, double tool_call) {
  const auto packed = id.packed();
  const bool may_call = request.tool_use == ToolUse::possible &&
                        uniform01(seed, packed, Stream::tool_call) < tool_call;
  LlmAnswer answer{.request = std::move(request),
                   .id = to_hex(id),
                   .tokens = tokens,
                   .is_cut = is_cut,
                   .calls_tool = false,
                   .texts = {}};
  answer.calls_tool = may_call || answer.request.tool_use == ToolUse::forced;
  const std::uint64_t texts = hash(seed, packed, Stream::text);
  for (std::size_t choice = 0; choice < answer.request.choices; ++choice) {
    answer.texts.emplace_back(hash(texts, choice, Stream::text));
  }
  return answer;
}

LlmEvents render_events(LlmApi api, const LlmAnswer& answer, bool is_crlf) {
  LlmEvents events =
      api == LlmApi::openai ? openai::render_events(answer) : anthropic::render_events(answer);
  events.comment = ": keep-alive\n\n";
  events.event_end = "\n\n";
  if (!is_crlf) return events;
  for (std::string* text :
       {&events.opening, &events.ending, &events.error, &events.comment, &events.event_end}) {
    end_lines_in_crlf(*text);
  }
  for (LlmEvents::Choice& choice : events.choices) {
    end_lines_in_crlf(choice.before);
    end_lines_in_crlf(choice.after);
  }
  return events;
}

void append_token(std::string& out, const LlmEvents& events, const LlmAnswer& answer,
                  std::size_t index, TokenShape shape) {
  const bool is_last = index + 1 == answer.tokens && !answer.is_cut;
  for (std::size_t choice = 0; choice < events.choices.size(); ++choice) {
    out += events.choices[choice].before;
    if (answer.calls_tool && index == 0) out += arguments_begin;
    out += answer.texts[choice].word(index);
    if (answer.calls_tool && is_last) out += arguments_end;
    out += shape == TokenShape::whole ? events.choices[choice].after : events.event_end;
  }
}

std::string render_body(LlmApi api, const LlmAnswer& answer) {
  return api == LlmApi::openai ? openai::render_body(answer) : anthropic::render_body(answer);
}

CannedResponse::Headers vendor_headers(LlmApi api, const LlmAnswer& answer, Nanos ttft) {
  auto headers = api == LlmApi::openai ? openai::headers(answer, ttft) : anthropic::headers(answer);
  if (answer.request.is_stream) {
    headers.emplace_back("Content-Type", "text/event-stream; charset=utf-8");
    headers.emplace_back("Cache-Control", "no-cache");
  } else {
    headers.emplace_back("Content-Type", "application/json");
  }
  return headers;
}

std::string vendor_error(LlmApi api, std::uint16_t status, std::string_view message) {
  return api == LlmApi::openai ? openai::error(status, message) : anthropic::error(status, message);
}

}  // namespace atonce::mock
