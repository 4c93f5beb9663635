#pragma once
/// The few socket calls that the servers of the tests need.

#include <cstdint>
#include <utility>

namespace atonce {

/// Owns a file descriptor.
class Socket {
 public:
  explicit Socket(int fd = -1) : fd_(fd) {}
  Socket(Socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Socket& operator=(Socket&& other) noexcept {
    close();
    fd_ = std::exchange(other.fd_, -1);
    return *this;
  }
  ~Socket() { close(); }

  int fd() const { return fd_; }
  void close();
  /// Closes with RST instead of FIN.
  void reset();

 private:
  int fd_;
};

/// Listens on a free port of 127.0.0.1. Throws std::system_error.
Socket listen_on_loopback(int backlog);
std::uint16_t local_port(const Socket& socket);

/// A non-blocking socket that has begun to connect to 127.0.0.1.
Socket begin_connect(std::uint16_t port);

}  // namespace atonce
