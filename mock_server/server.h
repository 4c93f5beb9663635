#pragma once
/// The mock server: listens from construction to destruction, on threads of its own.

#include <cstdint>
#include <memory>
#include <string>

#include "mock_server/server_config.h"

namespace atonce::mock {

class Server {
 public:
  /// Throws std::invalid_argument when the address is none, std::system_error when it cannot be
  /// listened on.
  explicit Server(ServerConfig config);
  /// Closes all connections, also those with an attempt in flight.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  std::uint16_t port() const;
  /// "http://127.0.0.1:PORT"
  std::string url() const;

 private:
  class Loops;
  std::unique_ptr<Loops> loops_;
};

}  // namespace atonce::mock
