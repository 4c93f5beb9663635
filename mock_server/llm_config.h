#pragma once
/// A route that speaks the API of an LLM vendor.

#include <cstddef>
#include <optional>

#include "core/config.h"
#include "core/law.h"

namespace atonce::mock {

enum class LlmApi : unsigned char {
  openai,     ///< chat completions
  anthropic,  ///< messages
};

/// When the events before the first token go out.
enum class RoleChunk : unsigned char { with_first_token, at_once };

/// Oddities that a client must be able to live with.
struct LlmWire {
  bool is_crlf = false;  ///< lines of events end in CR LF instead of LF
  /// A comment after as long a silence.
  std::optional<Nanos> keep_alive_comment;
  std::optional<std::size_t> bytes_per_write;
};

struct LlmRoute {
  LlmApi api = LlmApi::openai;
  Law ttft = Fixed{};       ///< time to first token
  Law gap = Fixed{};        ///< from each token to the next
  Law tokens = Fixed{100};  ///< how many; a law of plain numbers
  RoleChunk role_chunk = RoleChunk::with_first_token;
  double tool_call = 0;  ///< share of answers that call a tool when the request leaves it open
  LlmWire wire;
};

/// Most tokens of an answer, whatever the law says.
inline constexpr std::size_t most_tokens = 100'000;

/// Throws ConfigError.
LlmRoute parse_llm(const ConfigNode& node);

}  // namespace atonce::mock
