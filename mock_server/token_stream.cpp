#include "mock_server/token_stream.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace atonce::mock {
namespace {

/// A stream that is far behind its plan does not put all of it into one write.
constexpr std::size_t much = 64 << 10;

constexpr std::string_view no_chunk = "this is no chunk\r\n";

}  // namespace

TokenStream::TokenStream(StreamScript script, Instant start)
    : script_(std::move(script)),
      start_(start),
      head_(script_.head),
      piece_due_(start),
      last_write_(start) {}

/// Of the next token; past the last one, of the end.
Instant TokenStream::token_due() const {
  return start_ + script_.plan.due_of(next_token_);
}

Instant TokenStream::due() const {
  if (sent_ < out_.size()) return piece_due_;
  if (is_stalled_) return never;
  if (is_dripping_) return std::max(token_due(), piece_due_ + script_.fault->pause);
  if (!is_open_ && script_.role_chunk == RoleChunk::at_once) return start_;
  if (!script_.comment_period) return token_due();
  return std::min(token_due(), last_write_ + *script_.comment_period);
}

TokenStream::Write TokenStream::next(Instant time) {
  if (sent_ == out_.size()) compose(time);
  last_write_ = time;
  const std::size_t most =
      is_dripping_ ? 1 : script_.bytes_per_write.value_or(std::numeric_limits<std::size_t>::max());
  const auto bytes = std::string_view(out_).substr(sent_, most);
  sent_ += bytes.size();
  if (sent_ == out_.size()) {
    return {bytes, next_token_ - std::exchange(tokens_written_, next_token_)};
  }
  if (is_dripping_) piece_due_ += script_.fault->pause;
  return {bytes, 0};
}

void TokenStream::compose(Instant time) {
  piece_due_ = is_dripping_ ? due() : time;
  payload_.clear();
  const bool is_token = token_due() <= time;
  if (!is_open_ && (is_token || script_.role_chunk == RoleChunk::at_once)) {
    payload_ += script_.events.opening;
    is_open_ = true;
  }
  if (is_token) compose_tokens(time);
  const bool is_silent = payload_.empty() && !is_over_ && !is_stalled_;
  if (is_silent) payload_ += script_.events.comment;
  frame();
}

void TokenStream::compose_tokens(Instant time) {
  const std::size_t count = script_.plan.due.size();
  while (token_due() <= time && payload_.size() < much) {
    const bool is_struck =
        script_.fault && script_.fault->at == next_token_ && struck_ == FaultKind::none;
    if (is_struck) {
      // Bytes before a drip are no part of it, whether they are late or not.
      if (script_.fault->kind == FaultKind::drip && !payload_.empty()) return;
      if (strike()) return;
    }
    if (next_token_ == count) {
      payload_ += script_.events.ending;
      is_over_ = true;
      return;
    }
    const bool is_cut = is_struck && struck_ == FaultKind::truncated_json;
    append_token(payload_, script_.events, script_.answer, next_token_,
                 is_cut ? TokenShape::truncated : TokenShape::whole);
    ++next_token_;
    if (is_dripping_) return;  // each token drips by itself, and so does the ending
  }
}

/// Whether no more tokens follow.
bool TokenStream::strike() {
  struck_ = script_.fault->kind;
  switch (script_.fault->kind) {
    case FaultKind::truncated_json:
      return false;
    case FaultKind::drip:
      is_dripping_ = true;
      piece_due_ = token_due();
      return false;
    case FaultKind::stall:
      is_stalled_ = true;
      return true;
    case FaultKind::error_event:
      payload_ += script_.events.error;
      break;
    case FaultKind::reset:
      end_ = End::reset;
      break;
    case FaultKind::close:
    case FaultKind::malformed_chunk:
      end_ = End::close;
      break;
    default:
      break;
  }
  is_over_ = true;
  return true;
}

void TokenStream::frame() {
  out_ = head_;
  head_.clear();
  sent_ = 0;
  if (!script_.is_chunked) {
    out_ += payload_;
    return;
  }
  if (!payload_.empty()) {
    fmt::format_to(std::back_inserter(out_), "{:x}\r\n", payload_.size());
    out_ += payload_;
    out_ += "\r\n";
  }
  if (!is_over_) return;
  if (end_ == End::complete) out_ += "0\r\n\r\n";
  if (struck_ == FaultKind::malformed_chunk) out_ += no_chunk;
}

Nanos TokenStream::planned() const {
  if (is_dripping_) return std::max(script_.plan.total(), piece_due_ - start_);
  const bool has_an_end = !script_.fault || script_.fault->kind == FaultKind::truncated_json ||
                          script_.fault->kind == FaultKind::drip;
  if (has_an_end) return script_.plan.total();
  return script_.plan.due_of(script_.fault->at);
}

}  // namespace atonce::mock
