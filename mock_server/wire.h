#pragma once
/// One HTTP/1.1 connection as bytes and time: requests in, responses out, waiting in between.

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "mock_server/canned_response.h"
#include "mock_server/loop.h"
#include "mock_server/request_parser.h"
#include "mock_server/server_config.h"

namespace atonce::mock {

/// Used on its loop's thread only, by one coroutine at a time.
class Wire {
 public:
  /// `key_headers`, as RequestParser takes them, must outlive it.
  Wire(Socket socket, const Limits& limits, std::span<const std::string> key_headers);

  /// How an attempt to receive ended; from `malformed` on, the value is the HTTP status to send.
  enum class Received : std::uint16_t {
    complete = 0,
    gone = 1,  ///< the client closed, or idled for too long
    malformed = 400,
    timed_out = 408,
    body_too_large = 413,
    header_too_large = 431,
  };
  /// Reads the head of the next request into head().
  Task<Received> receive_head();
  enum class BodyUse : unsigned char { drop, keep };
  /// Reads the rest of that request.
  Task<Received> receive_body(BodyUse use = BodyUse::drop);
  /// What it kept, until the next receive_body().
  std::string_view body() const { return body_; }

  const RequestHead& head() const { return head_; }
  bool head_is_complete() const { return parser_->is_header_done(); }
  bool body_is_complete() const { return parser_->is_done(); }
  /// When the bytes that completed the head were there; valid until the next receive.
  Instant arrived() const { return read_at_; }
  /// What the request asks of the connection's future.
  Persistence persistence() const;

  /// Just before the first byte was handed to the kernel, just after the last one was.
  struct WriteTimes {
    Instant first, last;
  };
  /// Writes both parts; nothing when the client is gone.
  Task<std::optional<WriteTimes>> send(std::string_view head, std::string_view body);
  /// After a last response: lets the client read it before the connection goes. Input that nobody
  /// read would otherwise make the kernel reset the connection.
  Task<void> finish_sending();

  enum class Held : unsigned char { due, woken, gone };
  /// Waits until `at` or for wake(), and notices when the client goes.
  Task<Held> hold_until(Instant at);
  void wake();

  /// Ends a receive or a send that has gone on for longer than the limits at `time`.
  void enforce_limits(Instant time);
  void close();
  /// Closes with RST instead of FIN: what the client has not read yet may be lost.
  void reset();

 private:
  enum class Phase : unsigned char { idle, receiving, sending, serving };

  Task<Received> receive_until(bool (RequestParser::Base::*reached)() const);
  asio::mutable_buffer free_space();

  Socket socket_;
  Timer timer_;
  const Limits limits_;
  const std::span<const std::string> key_headers_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0, end_ = 0;  // received and not yet parsed
  RequestHead head_;
  std::optional<RequestParser> parser_;
  std::string body_;
  Instant read_at_ = unset;
  Phase phase_ = Phase::idle;
  Instant phase_since_ = unset;
  bool timed_out_ = false;
  bool woken_ = false;
};

}  // namespace atonce::mock
