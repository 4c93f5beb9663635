#pragma once
/// The server's end of one connection, for the scripts.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/clock.h"
#include "runners/blocking/interrupt.h"
#include "tests/support/socket.h"

namespace atonce {

/// A request as far as the scripts care.
struct ScriptedRequest {
  std::string path;       ///< without the query
  std::string parameter;  ///< the query, "" if there was none
  std::string head;       ///< request line and headers as they came
  std::string id;         ///< value of X-Atonce-Id, "" if there was none
  bool close = false;     ///< the client asked for the connection to be closed
};

/// Every wait ends when the client closes or the server stops. Not thread-safe.
class ScriptedConnection {
 public:
  ScriptedConnection(Socket socket, const Interrupt& stopped);

  /// Head and body of the next request; nothing when there will be none.
  std::optional<ScriptedRequest> read_request();

  void send(std::string_view bytes);
  /// False when the client has closed, or the server stops, before `span` has passed.
  bool pause(Nanos span);
  void wait_for_close() { pause(std::chrono::hours(1)); }

  void close() { socket_.close(); }
  void reset() { socket_.reset(); }
  bool is_open() const { return socket_.fd() >= 0; }

 private:
  bool receive();

  Socket socket_;
  const Interrupt& stopped_;
  std::string received_;
};

}  // namespace atonce
