#pragma once
/// A signal from one thread that ends the poll() of another.

#include <atomic>

namespace atonce {

class Interrupt {
 public:
  /// Throws std::system_error when no file descriptor is left.
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  /// Any thread. Stays raised until clear(), which must not run at the same time.
  void raise() noexcept;
  void clear() noexcept;

  bool raised() const noexcept { return raised_.load(std::memory_order_acquire); }
  /// Readable while raised.
  int fd() const noexcept { return fd_; }

 private:
  const int fd_;
  std::atomic<bool> raised_{false};
};

}  // namespace atonce
