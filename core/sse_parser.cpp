#include "core/sse_parser.h"

#include <cstring>

namespace atonce {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// Of the first CR or LF; npos when there is none.
std::size_t line_end(std::string_view text) {
  const auto find = [](std::string_view in, char c) -> std::size_t {
    const void* const at = in.empty() ? nullptr : std::memchr(in.data(), c, in.size());
    return at ? static_cast<std::size_t>(static_cast<const char*>(at) - in.data()) : in.npos;
  };
  const std::size_t feed = find(text, '\n');
  const std::size_t carriage = find(text.substr(0, feed), '\r');
  return carriage != text.npos ? carriage : feed;
}

}  // namespace

void SseParser::reset() {
  input_ = {};
  line_.clear();
  clear_event();
  dispatched_ = line_is_kept_ = skip_line_feed_ = overflowed_ = false;
  at_start_ = true;
}

std::optional<SseEvent> SseParser::next() {
  if (dispatched_) clear_event();
  while (const auto line = next_line())
    if (take_line(*line)) return SseEvent{type_, is_whole_ ? whole_data_ : data_};
  keep_data();
  return {};
}

/// The next line without its end. A line in one piece is a view of the input, which costs nothing.
std::optional<std::string_view> SseParser::next_line() {
  if (line_is_kept_) {
    line_.clear();
    line_is_kept_ = false;
  }
  if (overflowed_ || input_.empty()) return {};
  if (skip_line_feed_ && input_.front() == '\n') input_.remove_prefix(1);
  skip_line_feed_ = false;

  const std::size_t end = line_end(input_);
  if (line_.size() + data_.size() + std::min(end, input_.size()) > longest_event) {
    overflowed_ = true;
    return {};
  }
  if (end == input_.npos) {
    line_.append(input_);
    input_ = {};
    return {};
  }
  std::string_view line = input_.substr(0, end);
  skip_line_feed_ = input_[end] == '\r';
  input_.remove_prefix(end + 1);
  if (!line_.empty()) {
    line_.append(line);
    line_is_kept_ = true;
    line = line_;
  }
  if (at_start_ && line.starts_with(byte_order_mark)) line.remove_prefix(byte_order_mark.size());
  at_start_ = false;
  return line;
}

/// True when the line completes an event.
bool SseParser::take_line(std::string_view line) {
  if (line.empty()) {
    dispatched_ = has_data_;
    if (!has_data_) clear_event();
    return has_data_;
  }
  const std::size_t colon = line.find(':');
  const std::string_view field = line.substr(0, colon);
  std::string_view value = colon == line.npos ? std::string_view{} : line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (field == "data")
    add_data(value);
  else if (field == "event")
    type_.assign(value);
  return false;
}

void SseParser::add_data(std::string_view value) {
  const bool in_input = !line_is_kept_;
  if (!has_data_ && in_input) {
    whole_data_ = value;
    is_whole_ = true;
  } else {
    keep_data();
    if (has_data_) data_ += '\n';
    data_ += value;
  }
  has_data_ = true;
}

/// The input is about to go.
void SseParser::keep_data() {
  if (!is_whole_) return;
  data_.assign(whole_data_);
  is_whole_ = false;
}

void SseParser::clear_event() {
  type_.clear();
  data_.clear();
  has_data_ = is_whole_ = dispatched_ = false;
}

}  // namespace atonce
