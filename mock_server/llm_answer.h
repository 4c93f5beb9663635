#pragma once
/// An answer in the words of a vendor's API. Knows nothing of time or of HTTP framing.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/attempt_id.h"
#include "core/clock.h"
#include "mock_server/canned_response.h"
#include "mock_server/llm_request.h"
#include "mock_server/llm_text.h"

namespace atonce::mock {

/// What an answer says, whatever the API.
struct LlmAnswer {
  LlmRequest request;
  std::string id;  ///< 16 hexadecimal digits
  std::size_t tokens = 1;
  bool is_cut = false;         ///< by the request's limit
  bool calls_tool = false;     ///< instead of a text
  std::vector<LlmText> texts;  ///< of each choice
};

/// `tool_call` is the share of answers that call a tool when the request leaves it open.
LlmAnswer make_answer(LlmRequest request, std::uint64_t seed, AttemptId id, std::size_t tokens,
                      bool is_cut, double tool_call);

/// A stream of events, rendered as far as possible before its tokens are due: a token then costs
/// three appends a choice.
struct LlmEvents {
  /// What stands around the words of one choice.
  struct Choice {
    std::string before, after;
  };
  std::string opening;  ///< all events before the first token
  std::vector<Choice> choices;
  std::string ending;     ///< all events after the last token
  std::string error;      ///< an error event
  std::string comment;    ///< a line that means nothing
  std::string event_end;  ///< the empty line
};

LlmEvents render_events(LlmApi api, const LlmAnswer& answer, bool is_crlf);

/// Intact, or ended before its JSON is complete.
enum class TokenShape : unsigned char { whole, truncated };
/// One event per choice.
void append_token(std::string& out, const LlmEvents& events, const LlmAnswer& answer,
                  std::size_t index, TokenShape shape);

/// The whole answer as one JSON text.
std::string render_body(LlmApi api, const LlmAnswer& answer);

/// The headers that the vendor adds to its answers.
CannedResponse::Headers vendor_headers(LlmApi api, const LlmAnswer& answer, Nanos ttft);

/// An error in the vendor's shape, as one JSON text.
std::string vendor_error(LlmApi api, std::uint16_t status, std::string_view message);

}  // namespace atonce::mock
