#pragma once
/// Which sockets are ready: epoll with as few system calls as the sockets' owner allows.

#include <cstdint>
#include <span>
#include <vector>

#include "core/clock.h"

namespace atonce {

struct ReadySocket {
  int fd = -1;
  bool readable = false;
  bool writable = false;
  bool failed = false;
};

/// A socket whose owner loses interest stays registered: on a kept-alive connection the interest
/// comes back with the next request, and nothing needs to be said to the kernel. It is taken out
/// only when it becomes ready meanwhile. Used by one thread; wake() may be called by any.
class Readiness {
 public:
  /// Throws std::system_error when no file descriptor is left.
  Readiness();
  ~Readiness();
  Readiness(const Readiness&) = delete;
  Readiness& operator=(const Readiness&) = delete;

  void watch(int fd, bool read, bool write);
  void unwatch(int fd) { watch(fd, false, false); }
  /// The descriptor is about to be closed.
  void forget(int fd);
  /// The same for one that a child of this process may hold open, so that it would stay registered.
  void remove(int fd);

  /// Waits until a socket is ready, somebody wakes it, or `until`. The result is valid until the
  /// next call.
  std::span<const ReadySocket> wait(Instant until);

  void wake() noexcept;

 private:
  struct Interest {
    std::uint32_t registered = 0;  // as the kernel knows it; 0 = not at all
    std::uint32_t wanted = 0;
  };
  void change(int fd, std::uint32_t events);

  const int epoll_;
  const int wake_;
  std::vector<Interest> interests_;  // by descriptor
  std::vector<ReadySocket> ready_;
};

}  // namespace atonce
