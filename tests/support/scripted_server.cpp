#include "tests/support/scripted_server.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>

#include "tests/support/scripts.h"

namespace atonce {

ScriptedServer::ScriptedServer()
    : listener_(listen_on_loopback(SOMAXCONN)),
      port_(local_port(listener_)),
      acceptor_([this] { accept_connections(); }) {}

ScriptedServer::~ScriptedServer() {
  kill();
}

void ScriptedServer::kill() {
  // First of all, so that nobody who was cut off gets as far as the queue of the listener.
  shutdown(listener_.fd(), SHUT_RDWR);
  stopped_.raise();
  if (acceptor_.joinable()) acceptor_.join();
  for (std::thread& connection : connections_) connection.join();
  connections_.clear();
  listener_.close();
}

Witness ScriptedServer::witness() const {
  const std::lock_guard lock(mutex_);
  return seen_;
}

void ScriptedServer::accept_connections() {
  std::array<pollfd, 2> watched{{{listener_.fd(), POLLIN, 0}, {stopped_.fd(), POLLIN, 0}}};
  while (!stopped_.raised()) {
    poll(watched.data(), watched.size(), -1);
    Socket socket{accept4(listener_.fd(), nullptr, nullptr, SOCK_CLOEXEC)};
    if (socket.fd() < 0) continue;
    {
      const std::lock_guard lock(mutex_);
      ++seen_.accepted_connections;
      seen_.peak_connections = std::max(seen_.peak_connections, ++seen_.open_connections);
    }
    connections_.emplace_back(&ScriptedServer::serve, this, std::move(socket));
  }
}

void ScriptedServer::serve(Socket socket) {
  ScriptedConnection connection(std::move(socket), stopped_);
  while (connection.is_open()) {
    const auto request = connection.read_request();
    if (!request) break;
    answer(connection, *request);
    if (request->close) connection.close();
  }
  connection.close();
  const std::lock_guard lock(mutex_);
  --seen_.open_connections;
}

void ScriptedServer::answer(ScriptedConnection& connection, const ScriptedRequest& request) {
  bool counted = true;
  const auto leave = [this, &counted] {
    const std::lock_guard lock(mutex_);
    if (std::exchange(counted, false)) --seen_.in_flight;
  };
  {
    const std::lock_guard lock(mutex_);
    seen_.requests.push_back(request);
    ++seen_.by_id[request.id];
    seen_.peak_in_flight = std::max(seen_.peak_in_flight, ++seen_.in_flight);
  }
  play_script(connection, request, leave);
  leave();
}

}  // namespace atonce
