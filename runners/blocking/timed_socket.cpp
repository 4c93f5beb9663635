#include "runners/blocking/timed_socket.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>

namespace atonce {
namespace {

timespec time_left(Instant until) {
  const Nanos left = std::max(Nanos{0}, until - now());
  const auto seconds = std::chrono::floor<std::chrono::seconds>(left);
  return {.tv_sec = seconds.count(), .tv_nsec = (left - seconds).count()};
}

/// Data that never stops coming must not outlast the limit either, so it is checked without a wait.
Fault check(const Limit& limit) {
  if (limit.interrupt.raised()) return Fault::interrupted;
  return now() >= limit.give_up_at ? Fault::timed_out : Fault::none;
}

/// Returns when the socket is ready or the limit strikes.
Fault wait_for(int fd, short readiness, const Limit& limit) {
  std::array<pollfd, 2> watched{{{fd, readiness, 0}, {limit.interrupt.fd(), POLLIN, 0}}};
  int ready = -1;
  do {
    const timespec left = time_left(limit.give_up_at);
    const bool forever = limit.give_up_at == never;
    ready = ppoll(watched.data(), watched.size(), forever ? nullptr : &left, nullptr);
  } while (ready < 0 && errno == EINTR);
  return check(limit);
}

Fault finish_connecting(int fd, const Limit& limit) {
  if (const Fault fault = wait_for(fd, POLLOUT, limit); fault != Fault::none) return fault;
  int error = 0;
  socklen_t size = sizeof error;
  getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
  return error == 0 ? Fault::none : Fault::refused;
}

Connection connect_to(const SocketAddress& address, const Limit& limit) {
  const int fd =
      socket(address.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
  if (fd < 0) return {.fault = Fault::refused};
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);

  Fault fault = check(limit);
  if (fault == Fault::none && connect(fd, address.get(), address.size) != 0)
    fault = errno == EINPROGRESS ? finish_connecting(fd, limit) : Fault::refused;
  if (fault == Fault::none) return {.fd = fd};
  close(fd);
  return {.fault = fault};
}

}  // namespace

Connection connect_to(const Endpoint& endpoint, const Limit& limit) {
  Connection connection{.fault = Fault::refused};
  for (const SocketAddress& address : endpoint.addresses) {
    connection = connect_to(address, limit);
    if (connection.fault != Fault::refused) break;
  }
  return connection;
}

std::optional<Outcome> outcome_of(Fault fault, const Attempt& attempt, bool connected) {
  switch (fault) {
    case Fault::refused:
      return Outcome::connect_refused;
    case Fault::timed_out:
      return attempt.give_up_outcome(connected);
    case Fault::interrupted:
      return Outcome::cancelled;
    case Fault::reset:
      return Outcome::reset;
    case Fault::closed:
    case Fault::none:
      break;
  }
  return {};
}

bool is_stale(int fd) {
  char byte = 0;
  return recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) >= 0 || errno != EAGAIN;
}

template <class Operation>
ssize_t TimedSocket::repeat(short readiness, Operation operation) {
  fault_ = check(limit_);
  while (fault_ == Fault::none) {
    const ssize_t done = operation();
    if (done > 0) return done;
    if (done == 0) {
      fault_ = Fault::closed;
      return 0;
    }
    fault_ = errno == EAGAIN ? wait_for(fd_, readiness, limit_) : Fault::reset;
  }
  return -1;
}

ssize_t TimedSocket::read(char* data, std::size_t size) {
  return repeat(POLLIN, [=, this] { return recv(fd_, data, size, MSG_DONTWAIT); });
}

ssize_t TimedSocket::write(const char* data, std::size_t size) {
  return repeat(POLLOUT, [=, this] { return send(fd_, data, size, MSG_DONTWAIT | MSG_NOSIGNAL); });
}

}  // namespace atonce
