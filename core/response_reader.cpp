#include "core/response_reader.h"

#include "core/ascii.h"
#include "core/retry_hints.h"

namespace atonce {
void ResponseReader::begin(const Attempt& attempt) {
  sample_ = attempt.begin_sample();
  is_stream_ = has_ended_ = false;
  has_body_ = !attempt.request || attempt.request->method != "HEAD";
  fault_ = Outcome::ok;
  parser_.reset();
  events_ = {};
  token_arrivals_.clear();
}

void ResponseReader::on_header(std::string_view name, std::string_view value) {
  if (equal_ignoring_case(name, "content-type"))
    is_stream_ = starts_with_ignoring_case(value, "text/event-stream");
  else
    read_retry_header(name, value, sample_.retry);
}

void ResponseReader::on_body(std::string_view bytes, Instant seen) {
  sample_.body_bytes += bytes.size();
  if (!is_stream_) return;
  parser_.feed(bytes);
  while (const auto event = parser_.next()) on_event(*event, seen);
  if (parser_.overflowed() && fault_ == Outcome::ok) fault_ = Outcome::malformed;
}

void ResponseReader::on_event(const SseEvent& event, Instant seen) {
  ++sample_.stream.events;
  switch (events_.read(event)) {
    case EventMeaning::token:
      token_arrivals_.push_back(seen);
      [[fallthrough]];
    case EventMeaning::choice:
      if (sample_.at.first_event == unset) sample_.at.first_event = seen;
      break;
    case EventMeaning::end:
      has_ended_ = true;
      break;
    case EventMeaning::error:
      if (fault_ == Outcome::ok) fault_ = Outcome::stream_error;
      break;
    case EventMeaning::malformed:
      if (fault_ == Outcome::ok) fault_ = Outcome::malformed;
      break;
    case EventMeaning::other:
      break;
  }
}

void ResponseReader::end(Outcome outcome) {
  if (sample_.at.done == unset) sample_.at.done = now();
  sample_.outcome = is_stream_ ? outcome_of_stream(outcome) : outcome;
  sample_.token_arrivals = token_arrivals_;
  const auto counted = static_cast<std::uint32_t>(token_arrivals_.size());
  const bool whole = sample_.outcome == Outcome::ok;
  sample_.stream.tokens = whole ? events_.usage_tokens().value_or(counted) : counted;
}

Outcome ResponseReader::outcome_of_stream(Outcome outcome) const {
  const bool is_refused = sample_.status >= 400;
  if (is_refused || outcome == Outcome::cancelled) return outcome;
  if (fault_ != Outcome::ok) return fault_;
  const bool is_empty = has_body_ && sample_.status == 200 && sample_.at.first_event == unset;
  const bool lacks_end = !has_ended_ && (events_.has_end_mark() || is_empty);
  return outcome == Outcome::ok && lacks_end ? Outcome::truncated : outcome;
}

}  // namespace atonce
