#pragma once
/// The wire format of each API, line ends as LF. llm_answer chooses among them.

#include <cstdint>
#include <string>
#include <string_view>

#include "mock_server/llm_answer.h"

namespace atonce::mock {

/// What a tool is called with is a JSON text within a JSON string: these stand around its words.
inline constexpr std::string_view arguments_begin = R"({\"query\":\")";
inline constexpr std::string_view arguments_end = R"(\"})";

/// `text` as a JSON string, quotes included.
std::string quoted(std::string_view text);

namespace openai {
LlmEvents render_events(const LlmAnswer& answer);
std::string render_body(const LlmAnswer& answer);
CannedResponse::Headers headers(const LlmAnswer& answer, Nanos ttft);
std::string error(std::uint16_t status, std::string_view message);
}  // namespace openai

namespace anthropic {
LlmEvents render_events(const LlmAnswer& answer);
std::string render_body(const LlmAnswer& answer);
CannedResponse::Headers headers(const LlmAnswer& answer);
std::string error(std::uint16_t status, std::string_view message);
}  // namespace anthropic

}  // namespace atonce::mock
