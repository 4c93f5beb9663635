#pragma once
/// One connection to the mock server, byte by byte.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/attempt_id.h"
#include "core/clock.h"
#include "tests/support/socket.h"

namespace atonce {

struct RawResponse {
  int status = 0;  ///< 0: the connection ended before there was a response
  std::string head;
  std::string body;
  Instant seen;  ///< when its last byte was there
};

/// Every wait ends after ten seconds at the latest.
class RawClient {
 public:
  explicit RawClient(std::uint16_t port);

  void send(std::string_view bytes);
  void send_get(std::string_view target, std::optional<AttemptId> id = {});
  void send_post(std::string_view target, std::string_view body, std::optional<AttemptId> id = {});
  /// The next response; `has_body` is false after HEAD.
  RawResponse receive(bool has_body = true);
  RawResponse get(std::string_view target, std::optional<AttemptId> id = {});
  /// Whether the server closes the connection without sending anything more.
  bool sees_close();
  /// Whether it does so with RST.
  bool sees_reset();

  void close() { socket_.close(); }
  void reset() { socket_.reset(); }

 private:
  bool receive_more();
  bool read_chunk(std::string& body);

  Socket socket_;
  std::string received_;
};

}  // namespace atonce
