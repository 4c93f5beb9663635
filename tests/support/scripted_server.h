#pragma once
/// A server on 127.0.0.1 that misbehaves on demand and keeps its own account.

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "runners/blocking/interrupt.h"
#include "tests/support/scripted_connection.h"
#include "tests/support/socket.h"

namespace atonce {

/// What the server saw. "In flight" is a request from its last byte read to its answer's first
/// byte written, or to the end of its connection.
struct Witness {
  std::vector<ScriptedRequest> requests;  ///< in the order of arrival
  std::map<std::string, int> by_id;
  std::size_t in_flight = 0, peak_in_flight = 0;
  std::size_t open_connections = 0, accepted_connections = 0, peak_connections = 0;
};

/// One thread per connection: for some hundreds of them at most. Thread-safe.
class ScriptedServer {
 public:
  /// Throws std::system_error when it cannot listen.
  ScriptedServer();
  /// Ends all connections and waits for its threads.
  ~ScriptedServer();

  std::uint16_t port() const { return port_; }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

  /// What a crash looks like to the clients: connections close, new ones are refused.
  void kill();

  Witness witness() const;

  /// Waits until `reached` holds for the witness; false when it did not within ten seconds.
  template <class Condition>
  bool wait_until(Condition reached) const {
    for (int i = 0; i < 1000 && !reached(witness()); ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    return reached(witness());
  }
  /// Waits until no client is connected any more.
  bool wait_until_quiet() const {
    return wait_until([](const Witness& seen) { return seen.open_connections == 0; });
  }

 private:
  void accept_connections();
  void serve(Socket socket);
  void answer(ScriptedConnection& connection, const ScriptedRequest& request);

  Socket listener_;
  const std::uint16_t port_;
  Interrupt stopped_;
  mutable std::mutex mutex_;
  Witness seen_;
  std::vector<std::thread> connections_;
  std::thread acceptor_;
};

}  // namespace atonce
