#pragma once
/// A target whose name has been looked up.

#include <sys/socket.h>

#include <string>
#include <vector>

#include "runners/runner.h"

namespace atonce {

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;

  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

struct Endpoint {
  Target target;
  /// In order of preference, with the port. Empty when the name could not be resolved.
  std::vector<SocketAddress> addresses;
};

/// Looks the target's name up; blocks. A failure shows as an endpoint without addresses.
Endpoint resolve(const Target& target);

/// Whether the target's host is an address already.
bool is_numeric(const Target& target);

/// "127.0.0.1" or "[::1]", without the port.
std::string to_text(const SocketAddress& address);

}  // namespace atonce
