#include "tests/mock_server/sse.h"

#include <charconv>
#include <stdexcept>

namespace atonce::mock {
namespace {

std::string_view take_line(std::string_view& text) {
  const auto end = text.find('\n');
  if (end == text.npos) throw std::runtime_error("a line without an end");
  auto line = text.substr(0, end);
  text.remove_prefix(end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace

std::vector<SseEvent> parse_sse(std::string_view text) {
  std::vector<SseEvent> events;
  SseEvent event;
  while (!text.empty()) {
    const auto line = take_line(text);
    if (line.empty()) {
      if (!event.data.empty()) events.push_back(std::move(event));
      event = {};
    } else if (line.starts_with("event: ")) {
      event.name = line.substr(7);
    } else if (line.starts_with("data: ")) {
      event.data += line.substr(6);
    } else if (!line.starts_with(":")) {
      throw std::runtime_error("not a line of an event: " + std::string(line));
    }
  }
  if (!event.data.empty()) throw std::runtime_error("an event without an end");
  return events;
}

Dechunked dechunk(std::string_view text) {
  Dechunked result;
  while (!text.empty()) {
    std::size_t size = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size, 16);
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    const bool is_chunk = error == std::errc{} && text.starts_with("\r\n") &&
                          text.size() >= size + 4 && text.substr(size + 2, 2) == "\r\n";
    if (!is_chunk) throw std::runtime_error("not a chunk");
    result.payload += text.substr(2, size);
    text.remove_prefix(size + 4);
    if (size == 0) break;
    if (text.empty()) return result;
  }
  result.is_complete = text.empty();
  return result;
}

std::string text_of(const std::vector<SseEvent>& events, std::size_t choice) {
  std::string text;
  for (const SseEvent& event : events) {
    if (event.data == "[DONE]") continue;
    const auto json = event.json();
    if (event.name == "content_block_delta") text += json["delta"]["text"].get<std::string>();
    if (!event.name.empty() || json["choices"].empty()) continue;
    const auto& part = json["choices"][0];
    if (part["index"] == choice) text += part["delta"].value("content", "");
  }
  return text;
}

}  // namespace atonce::mock
