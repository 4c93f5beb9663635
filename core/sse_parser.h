#pragma once
/// Server-sent events out of bytes as they arrive (WHATWG HTML, section 9.2.6).

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace atonce {

struct SseEvent {
  std::string_view type;  ///< "" when the event names none
  std::string_view data;  ///< lines joined by "\n"; never of an event without a data line
};

/// Lines end in LF, CR or CRLF, wherever the bytes are cut. Comments and unknown fields are passed
/// over; an event whose blank line never comes is none. Allocates nothing once its buffers have
/// grown to the longest event that was cut by the end of a read. Not thread-safe.
class SseParser {
 public:
  /// An event longer than this is refused: see overflowed().
  static constexpr std::size_t longest_event = 16 << 20;

  /// Forgets everything: another stream begins. Buffers keep their memory.
  void reset();

  /// Gives the next bytes of the stream, which must live until next() has returned nothing. All
  /// events of the bytes before must have been taken.
  void feed(std::string_view bytes) { input_ = bytes; }

  /// The next event, valid until the next call; nothing when more bytes are needed.
  std::optional<SseEvent> next();

  /// An event was too long. No event comes any more.
  bool overflowed() const { return overflowed_; }

 private:
  std::optional<std::string_view> next_line();
  bool take_line(std::string_view line);
  void add_data(std::string_view value);
  void keep_data();
  void clear_event();

  std::string_view input_;
  std::string line_;  // the begin of a line whose end is still to come
  std::string type_;
  std::string_view whole_data_;  // the only data line, in the input
  std::string data_;             // otherwise
  bool has_data_ = false, is_whole_ = false;
  bool dispatched_ = false;
  bool line_is_kept_ = false;
  bool skip_line_feed_ = false;
  bool at_start_ = true;
  bool overflowed_ = false;
};

}  // namespace atonce
