#include "tests/support/scripted_connection.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>

namespace atonce {
namespace {

std::string header_value(std::string_view head, std::string_view name) {
  const auto line = head.find("\r\n" + std::string(name) + ": ");
  if (line == std::string_view::npos) return {};
  const auto value = line + name.size() + 4;
  return std::string(head.substr(value, head.find("\r\n", value) - value));
}

ScriptedRequest parse(std::string head) {
  ScriptedRequest request;
  const auto begin = head.find(' ') + 1;
  const std::string target = head.substr(begin, head.find(' ', begin) - begin);
  const auto question = target.find('?');
  request.path = target.substr(0, question);
  if (question != std::string::npos) request.parameter = target.substr(question + 1);
  request.id = header_value(head, "X-Atonce-Id");
  request.close = header_value(head, "Connection") == "close";
  request.head = std::move(head);
  return request;
}

}  // namespace

ScriptedConnection::ScriptedConnection(Socket socket, const Interrupt& stopped)
    : socket_(std::move(socket)), stopped_(stopped) {}

std::optional<ScriptedRequest> ScriptedConnection::read_request() {
  std::size_t head_size = std::string::npos;
  while ((head_size = received_.find("\r\n\r\n")) == std::string::npos)
    if (!receive()) return {};
  ScriptedRequest request = parse(received_.substr(0, head_size + 2));

  const std::string length = header_value(request.head, "Content-Length");
  const std::size_t whole = head_size + 4 + (length.empty() ? 0 : std::stoul(length));
  while (received_.size() < whole)
    if (!receive()) return {};
  received_.erase(0, whole);
  return request;
}

bool ScriptedConnection::receive() {
  std::array<pollfd, 2> watched{{{socket_.fd(), POLLIN, 0}, {stopped_.fd(), POLLIN, 0}}};
  poll(watched.data(), watched.size(), -1);
  if (stopped_.raised()) return false;
  std::array<char, 4096> buffer;
  const ssize_t got = recv(socket_.fd(), buffer.data(), buffer.size(), 0);
  if (got > 0) received_.append(buffer.data(), static_cast<std::size_t>(got));
  return got > 0;
}

void ScriptedConnection::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_.fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

bool ScriptedConnection::pause(Nanos span) {
  std::array<pollfd, 2> watched{{{socket_.fd(), POLLRDHUP, 0}, {stopped_.fd(), POLLIN, 0}}};
  const auto limit = std::chrono::ceil<std::chrono::milliseconds>(span).count();
  return poll(watched.data(), watched.size(), static_cast<int>(limit)) == 0;
}

}  // namespace atonce
