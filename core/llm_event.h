#pragma once
/// What the events of a streamed LLM answer mean: OpenAI chat completions, Anthropic messages, or
/// any other stream of events.

#include <cstdint>
#include <optional>

#include "core/sse_parser.h"

namespace atonce {

enum class EventMeaning : unsigned char {
  other,      ///< nothing that is measured: a ping, usage alone
  choice,     ///< part of an answer without content: a role, a finish reason
  token,      ///< content
  end,        ///< the API's own end mark: [DONE], message_stop
  error,      ///< the API reports that it failed
  malformed,  ///< not what this API sends
};

/// Follows one stream. The API is known from its first event; in a stream of neither, every event
/// is a token and there is no end mark. Allocates nothing per event. Not thread-safe.
class LlmEvents {
 public:
  EventMeaning read(const SseEvent& event);

  /// Whether a stream of this API has an end mark.
  bool has_end_mark() const { return api_ == Api::openai || api_ == Api::anthropic; }
  /// Output tokens as the API counts them, the last it said; nothing when it said nothing.
  std::optional<std::uint32_t> usage_tokens() const { return usage_tokens_; }

 private:
  enum class Api : unsigned char { unknown, openai, anthropic, other };

  Api api_ = Api::unknown;
  std::optional<std::uint32_t> usage_tokens_;
};

}  // namespace atonce
