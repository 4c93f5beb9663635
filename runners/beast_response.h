#pragma once
/// A response as it comes in, parsed by Beast. Knows nothing of where the bytes come from.

#include <optional>
#include <span>
#include <vector>

#include "runners/beast_parser.h"

namespace atonce {

/// One response of a connection after the other: begin(), then read into room() and add() until
/// there is an outcome.
class BeastResponse {
 public:
  BeastResponse() : buffer_(4096) {}

  /// `reader` has begun its attempt. `head_only`: it answers a HEAD request.
  void begin(ResponseReader& reader, bool head_only);

  /// Where the next bytes belong; never empty.
  std::span<char> room() { return std::span(buffer_).subspan(filled_); }

  /// `size` bytes were read into room() at `seen`, the last ones of the connection if `ended`.
  /// Feeds the reader and keeps its first_byte and status up to date; stamps done with the outcome.
  std::optional<Outcome> add(std::size_t size, bool ended, Instant seen);

  /// Whether the last response came to its end and left the connection fit for another one.
  bool reusable() const { return reusable_; }

 private:
  std::optional<Outcome> parse(Instant seen);
  Outcome end_of_stream();

  std::vector<char> buffer_;
  std::size_t filled_ = 0;
  ResponseReader* reader_ = nullptr;
  std::optional<ResponseParser> parser_;
  bool head_only_ = false;
  bool reusable_ = false;
};

}  // namespace atonce
