#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace atonce {

/// A pipe that carries one byte at a time, between processes. A program that is started does not
/// get it.
class ChildPipe {
 public:
  ChildPipe() {
    if (pipe2(ends_, O_CLOEXEC) != 0)
      throw std::system_error(errno, std::generic_category(), "pipe");
  }
  ~ChildPipe() {
    close(ends_[0]);
    close_write_end();
  }
  ChildPipe(const ChildPipe&) = delete;
  ChildPipe& operator=(const ChildPipe&) = delete;

  int read_end() const { return ends_[0]; }
  int write_end() const { return ends_[1]; }
  void close_write_end() {
    if (ends_[1] >= 0) close(std::exchange(ends_[1], -1));
  }

  bool put() { return write(ends_[1], "!", 1) == 1; }
  /// Waits for a byte; false when nobody can write one any more.
  bool take() {
    char byte = 0;
    ssize_t size = 0;
    while ((size = read(ends_[0], &byte, 1)) < 0 && errno == EINTR) {
    }
    return size == 1;
  }

 private:
  int ends_[2] = {-1, -1};
};

}  // namespace atonce
