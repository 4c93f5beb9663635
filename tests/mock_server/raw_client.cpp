#include "tests/mock_server/raw_client.h"

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <stdexcept>

namespace atonce {
namespace {

constexpr int patience_ms = 10'000;

bool wait_for(int fd, short event) {
  pollfd waiting{.fd = fd, .events = event, .revents = 0};
  return poll(&waiting, 1, patience_ms) > 0;
}

std::size_t content_length(const std::string& head) {
  constexpr std::string_view field = "Content-Length: ";
  const auto at = head.find(field);
  return at == std::string::npos ? 0 : std::stoul(head.substr(at + field.size()));
}

}  // namespace

RawClient::RawClient(std::uint16_t port) : socket_(begin_connect(port)) {
  if (!wait_for(socket_.fd(), POLLOUT)) throw std::runtime_error("cannot connect");
}

void RawClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(socket_.fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && (errno != EAGAIN || !wait_for(socket_.fd(), POLLOUT))) return;
    if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void RawClient::send_get(std::string_view target, std::optional<AttemptId> id) {
  std::string request = "GET " + std::string(target) + " HTTP/1.1\r\nHost: test\r\n";
  if (id) request += std::string(id_header) + ": " + to_hex(*id) + "\r\n";
  send(request + "\r\n");
}

void RawClient::send_post(std::string_view target, std::string_view body,
                          std::optional<AttemptId> id) {
  std::string request = "POST " + std::string(target) + " HTTP/1.1\r\nHost: test\r\n";
  if (id) request += std::string(id_header) + ": " + to_hex(*id) + "\r\n";
  send(request + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body));
}

RawResponse RawClient::receive(bool has_body) {
  RawResponse response;
  while (received_.find("\r\n\r\n") == std::string::npos) {
    if (!receive_more()) return response;
  }
  const auto head_size = received_.find("\r\n\r\n") + 4;
  response.head = received_.substr(0, head_size);
  response.status = std::stoi(response.head.substr(response.head.find(' ')));
  received_.erase(0, head_size);
  if (response.head.find("chunked") != std::string::npos) {
    while (read_chunk(response.body)) continue;
  } else if (has_body) {
    const std::size_t size = content_length(response.head);
    while (received_.size() < size && receive_more()) continue;
    response.body = received_.substr(0, size);
    received_.erase(0, size);
  }
  response.seen = now();
  return response;
}

RawResponse RawClient::get(std::string_view target, std::optional<AttemptId> id) {
  send_get(target, id);
  return receive();
}

bool RawClient::sees_close() {
  return received_.empty() && !receive_more() && errno != ETIMEDOUT;
}

bool RawClient::sees_reset() {
  return sees_close() && errno == ECONNRESET;
}

bool RawClient::receive_more() {
  if (!wait_for(socket_.fd(), POLLIN)) {
    errno = ETIMEDOUT;
    return false;
  }
  char bytes[65536];
  errno = 0;
  const auto size = recv(socket_.fd(), bytes, sizeof bytes, 0);
  if (size <= 0) return false;
  received_.append(bytes, static_cast<std::size_t>(size));
  return true;
}

/// False after the last one.
bool RawClient::read_chunk(std::string& body) {
  while (received_.find("\r\n") == std::string::npos) {
    if (!receive_more()) return false;
  }
  const std::size_t size = std::stoul(received_, nullptr, 16);
  received_.erase(0, received_.find("\r\n") + 2);
  while (received_.size() < size + 2) {
    if (!receive_more()) return false;
  }
  body += received_.substr(0, size);
  received_.erase(0, size + 2);
  return size > 0;
}

}  // namespace atonce
