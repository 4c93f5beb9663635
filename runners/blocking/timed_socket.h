#pragma once
/// Blocking use of a TCP socket under a total limit, until interrupted.

#include <sys/types.h>

#include <cstddef>
#include <optional>

#include "core/dispatcher.h"
#include "runners/blocking/interrupt.h"
#include "runners/endpoint.h"

namespace atonce {

/// Why an operation did not succeed.
enum class Fault : unsigned char {
  none,
  refused,  ///< no address accepted the connection
  timed_out,
  interrupted,
  reset,
  closed,  ///< by the other side, in good order
};

/// The outcome of an attempt that this fault ended; nothing for `none` and `closed`, which leave it
/// to what was read of the response.
std::optional<Outcome> outcome_of(Fault fault, const Attempt& attempt, bool connected);

/// Under which an operation may block.
struct Limit {
  Instant give_up_at;
  const Interrupt& interrupt;
};

struct Connection {
  int fd = -1;  ///< non-blocking, TCP_NODELAY; the caller closes it
  Fault fault = Fault::none;
};

/// Tries the addresses in order. `fd` is valid if and only if there is no fault.
Connection connect_to(const Endpoint& endpoint, const Limit& limit);

/// Whether a connection at rest is of no more use: the other side closed it or sent something that
/// nobody asked for.
bool is_stale(int fd);

/// Reads and writes on a connection. Does not own it.
class TimedSocket {
 public:
  TimedSocket(int fd, const Limit& limit) : fd_(fd), limit_(limit) {}

  /// Number of bytes, at least one; 0 at the end; -1 on a fault.
  ssize_t read(char* data, std::size_t size);
  ssize_t write(const char* data, std::size_t size);

  /// Of the last operation.
  Fault fault() const { return fault_; }
  int fd() const { return fd_; }

 private:
  template <class Operation>
  ssize_t repeat(short readiness, Operation operation);

  const int fd_;
  const Limit limit_;
  Fault fault_ = Fault::none;
};

}  // namespace atonce
