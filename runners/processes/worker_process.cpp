#include "runners/processes/worker_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <system_error>

#include "runners/processes/request_bytes.h"
#include "runners/processes/worker.h"

namespace atonce {

WorkerProcess::Sockets WorkerProcess::make_sockets() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    throw std::system_error(errno, std::generic_category(), "socketpair");
  fcntl(ends[0], F_SETFL, O_NONBLOCK);
  return {.ours = Descriptor(ends[0]), .theirs = Descriptor(ends[1])};
}

WorkerProcess::WorkerProcess(const WorkerSetup& setup)
    : WorkerProcess(setup, make_sockets(), make_sockets()) {}

WorkerProcess::WorkerProcess(const WorkerSetup& setup, Sockets orders, Sockets aborts)
    : orders_(std::move(orders.ours)),
      aborts_(std::move(aborts.ours)),
      id_(fork_worker(setup, orders.theirs, aborts.theirs)) {}

WorkerProcess::~WorkerProcess() {
  kill();
  while (waitpid(id_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

void WorkerProcess::wait_until_ready(Instant limit) {
  for (;;) {
    if (const auto frame = orders_.take()) {
      if (frame->content.empty()) return;
      throw std::runtime_error(fmt::format("a worker process cannot work: {}", frame->content));
    }
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(limit - now()).count();
    pollfd ready{.fd = orders_.fd(), .events = POLLIN, .revents = 0};
    if (poll(&ready, 1, static_cast<int>(std::max<std::int64_t>(0, left))) <= 0 || !orders_.fill())
      throw std::runtime_error("a worker process did not start");
  }
}

void WorkerProcess::start(const Attempt& attempt) {
  const auto number = static_cast<std::uint32_t>(numbers_.size());
  const auto [known, unknown] = numbers_.try_emplace(attempt.request, number);
  if (unknown) orders_.put(Message::request, to_bytes(*attempt.request));
  const Order order{.attempt = attempt, .request = known->second};
  orders_.put(Message::order, bytes_of(order));
  orders_.flush();
}

void WorkerProcess::abort(AttemptId id) {
  send(aborts_.get(), &id, sizeof id, MSG_NOSIGNAL);
}

void WorkerProcess::kill() {
  ::kill(id_, SIGKILL);
}

}  // namespace atonce
