#pragma once
/// The body of a request to an LLM vendor's API, as far as it shapes the answer.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "mock_server/llm_config.h"

namespace atonce::mock {

enum class ToolUse : unsigned char { never, possible, forced };

struct LlmRequest {
  std::string model{};  ///< as a JSON string, quotes included
  bool is_stream = false;
  bool include_usage = false;               ///< OpenAI's stream_options
  std::size_t choices = 1;                  ///< OpenAI's n
  std::optional<std::size_t> max_tokens{};  ///< per choice
  std::size_t prompt_tokens = 1;            ///< a quarter of the bytes of the messages' texts
  ToolUse tool_use = ToolUse::never;
  std::string tool{};  ///< which one, as a JSON string
};

/// Unknown fields are ignored. Throws std::invalid_argument with a sentence for the client.
LlmRequest parse_llm_request(LlmApi api, std::string_view body);

}  // namespace atonce::mock
