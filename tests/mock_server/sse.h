#pragma once
/// Reads what a streamed answer sends, and is strict about it.

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace atonce::mock {

struct SseEvent {
  std::string name;  ///< empty without an event line
  std::string data;

  nlohmann::json json() const { return nlohmann::json::parse(data); }
};

/// The events of a stream that ends with an empty line; comments are left out. Throws
/// std::runtime_error on any line that is neither event, data nor comment.
std::vector<SseEvent> parse_sse(std::string_view text);

/// The payload of chunks in HTTP's chunked encoding, with how it ended.
struct Dechunked {
  std::string payload;
  bool is_complete = false;  ///< the last chunk was there, and nothing after it
};
/// Throws std::runtime_error when something else stands where a chunk begins.
Dechunked dechunk(std::string_view text);

/// The text of a chat completion's stream, or of a message's; of one choice.
std::string text_of(const std::vector<SseEvent>& events, std::size_t choice = 0);

}  // namespace atonce::mock
