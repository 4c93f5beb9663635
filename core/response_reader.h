#pragma once
/// What a response brings, read into its sample: the same for every runner, whatever its HTTP
/// library.

#include <string_view>
#include <vector>

#include "core/dispatcher.h"
#include "core/llm_event.h"
#include "core/sse_parser.h"

namespace atonce {

/// One attempt at a time: begin(), then the head's fields, then the body as it arrives, then end().
/// A response of type text/event-stream is followed event by event. Allocates nothing once its
/// buffers have grown. Not thread-safe.
class ResponseReader {
 public:
  void begin(const Attempt& attempt);

  /// The sample in progress. Stamps and status are the runner's to set.
  Sample& sample() { return sample_; }
  const Sample& sample() const { return sample_; }

  /// A field of the response's head. A head that another one replaces (100 Continue) does no harm.
  void on_header(std::string_view name, std::string_view value);
  /// A piece of the body, without any framing, that was read at `seen`.
  void on_body(std::string_view bytes, Instant seen);

  /// The attempt ended as `outcome`, as far as HTTP can tell, with `done` stamped or now. A stream
  /// that reported an error, was malformed or lacks its end is not ok; what went wrong first
  /// decides; the events of a refusal (status 400 or more) change nothing. Afterwards the sample is
  /// complete, and its token arrivals are valid until begin().
  void end(Outcome outcome);

 private:
  void on_event(const SseEvent& event, Instant seen);
  Outcome outcome_of_stream(Outcome outcome) const;

  Sample sample_;
  bool is_stream_ = false;
  bool has_body_ = true;
  bool has_ended_ = false;  // by its own end mark
  Outcome fault_ = Outcome::ok;
  SseParser parser_;
  LlmEvents events_;
  std::vector<Instant> token_arrivals_;
};

}  // namespace atonce
