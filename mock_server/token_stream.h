#pragma once
/// Which bytes of a streamed answer go out when.

#include <optional>
#include <string>
#include <string_view>

#include "mock_server/faults.h"
#include "mock_server/llm_answer.h"
#include "mock_server/token_plan.h"

namespace atonce::mock {

/// All that a stream is made of. What is planned is planned from `start`.
struct StreamScript {
  LlmAnswer answer;
  LlmEvents events;
  TokenPlan plan;
  std::string head;        ///< of the HTTP response
  bool is_chunked = true;  ///< HTTP/1.1; otherwise the end of the connection ends the body
  RoleChunk role_chunk = RoleChunk::with_first_token;
  std::optional<Nanos> comment_period;
  std::optional<std::size_t> bytes_per_write;
  std::optional<StreamFault> fault;
};

/// A state machine without a clock or a socket: the time comes in, bytes come out. Every token has
/// an absolute deadline, so that gaps do not drift however late single writes are; what is due at
/// once goes out in one write. Allocates nothing per token once it has seen a few.
class TokenStream {
 public:
  TokenStream(StreamScript script, Instant start);

  /// When there is something to write; `never` when it has stalled.
  Instant due() const;
  bool is_stalled() const { return is_stalled_; }

  /// What to write next at `time`, at or after due(), and how many tokens are complete with it.
  /// Valid until the next call.
  struct Write {
    std::string_view bytes;
    std::size_t tokens = 0;
  };
  Write next(Instant time);

  std::size_t tokens() const { return script_.plan.due.size(); }
  bool is_over() const { return is_over_ && sent_ == out_.size(); }
  /// What is to be done with the connection once the stream is over.
  enum class End : unsigned char { complete, close, reset };
  End end() const { return end_; }
  /// The fault that has struck so far.
  FaultKind struck() const { return struck_; }

  /// From the start to the last write as planned, for all that is known so far.
  Nanos planned() const;

 private:
  Instant token_due() const;
  void compose(Instant time);
  void compose_tokens(Instant time);
  bool strike();
  void frame();

  const StreamScript script_;
  const Instant start_;
  std::string head_;  // of the response, until it is sent
  std::size_t next_token_ = 0;
  std::size_t tokens_written_ = 0;
  bool is_open_ = false;  // the events before the first token are out
  FaultKind struck_ = FaultKind::none;
  bool is_stalled_ = false;
  bool is_dripping_ = false;
  bool is_over_ = false;
  End end_ = End::complete;
  std::string payload_;   // events not yet framed
  std::string out_;       // framed
  std::size_t sent_ = 0;  // of out_
  Instant piece_due_;     // of the rest of out_
  Instant last_write_;
};

}  // namespace atonce::mock
