#include "bench/probe.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <thread>
#include <vector>

#include "runners/endpoint.h"

namespace atonce {
namespace {

/// In which a server shows that it did not want a connection that the kernel made for it.
constexpr Nanos second_thoughts = std::chrono::milliseconds(20);

/// Connections that are on their way or there.
class Probe {
 public:
  explicit Probe(const SocketAddress& address) : address_(address) {}
  ~Probe() {
    for (const pollfd& each : on_their_way_) close(each.fd);
    for (const int each : there_) close(each);
  }
  Probe(const Probe&) = delete;
  Probe& operator=(const Probe&) = delete;

  void open(std::size_t count) {
    for (std::size_t i = 0; i < count && trouble_ == 0; ++i) open_one();
  }

  void wait(Instant until) {
    while (!on_their_way_.empty()) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - now());
      if (left.count() <= 0) return;
      const int ready =
          poll(on_their_way_.data(), on_their_way_.size(), static_cast<int>(left.count()));
      if (ready < 0 && errno != EINTR) return;
      if (ready > 0) settle();
    }
  }

  ProbeResult result() {
    ProbeResult result;
    for (const int each : there_) result.established += is_open(each);
    if (!on_their_way_.empty() && trouble_ == 0) trouble_ = ETIMEDOUT;
    if (trouble_ != 0) result.trouble = std::generic_category().message(trouble_);
    return result;
  }

 private:
  void open_one() {
    const int fd =
        socket(address_.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) {
      trouble_ = errno;
    } else if (connect(fd, address_.get(), address_.size) == 0 || errno == EINPROGRESS) {
      on_their_way_.push_back({.fd = fd, .events = POLLOUT, .revents = 0});
    } else {
      trouble_ = errno;
      close(fd);
    }
  }

  void settle() {
    for (const pollfd& each : on_their_way_) {
      if (each.revents == 0) continue;
      int error = 0;
      socklen_t size = sizeof error;
      getsockopt(each.fd, SOL_SOCKET, SO_ERROR, &error, &size);
      if (error == 0) {
        there_.push_back(each.fd);
      } else {
        trouble_ = error;
        close(each.fd);
      }
    }
    std::erase_if(on_their_way_, [](const pollfd& each) { return each.revents != 0; });
  }

  /// A server that has too many takes a connection and closes it at once.
  bool is_open(int fd) {
    char byte = 0;
    const auto got = recv(fd, &byte, 1, MSG_PEEK);
    const bool closed = got == 0 || (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK);
    if (closed) trouble_ = ECONNRESET;
    return !closed;
  }

  const SocketAddress& address_;
  std::vector<pollfd> on_their_way_;
  std::vector<int> there_;
  int trouble_ = 0;  // errno of the last failure
};

}  // namespace

ProbeResult probe_connections(const Target& target, std::size_t count, Nanos limit) {
  const Endpoint endpoint = resolve(target);
  if (endpoint.addresses.empty()) return {.trouble = "the name cannot be resolved"};
  ProbeResult best;
  for (const SocketAddress& address : endpoint.addresses) {
    Probe probe(address);
    probe.open(count);
    probe.wait(now() + limit);
    std::this_thread::sleep_for(second_thoughts);
    const ProbeResult result = probe.result();
    if (best.trouble.empty() || result.established > best.established) best = result;
    if (best.established > 0) break;
  }
  return best;
}

}  // namespace atonce
