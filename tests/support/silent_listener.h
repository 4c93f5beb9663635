#pragma once
/// An address on which connecting never succeeds and never fails.

#include <string>
#include <vector>

#include "tests/support/socket.h"

namespace atonce {

/// A listener whose queue is full: Linux drops further SYNs. Throws std::system_error.
class SilentListener {
 public:
  SilentListener();
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

 private:
  Socket listener_;
  std::uint16_t port_;
  std::vector<Socket> fillers_;
};

}  // namespace atonce
