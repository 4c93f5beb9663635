#include "runners/processes/request_bytes.h"

#include "runners/processes/frame_socket.h"

namespace atonce {
namespace {

void append(std::string& bytes, std::string_view text) {
  bytes += bytes_of(text.size());
  bytes += text;
}

std::string take_text(std::string_view& bytes) {
  const auto size = take_value<std::size_t>(bytes);
  std::string text{bytes.substr(0, size)};
  bytes.remove_prefix(size);
  return text;
}

}  // namespace

std::string to_bytes(const Request& request) {
  // Does not compile when a member is missing.
  const auto& [method, target, headers, body, then] = request;
  std::string bytes{bytes_of(then)};
  append(bytes, method);
  append(bytes, target);
  append(bytes, body);
  for (const auto& [name, value] : headers) {
    append(bytes, name);
    append(bytes, value);
  }
  return bytes;
}

Request request_from_bytes(std::string_view bytes) {
  Request request;
  request.then = take_value<Step>(bytes);
  request.method = take_text(bytes);
  request.target = take_text(bytes);
  request.body = take_text(bytes);
  while (!bytes.empty()) {
    std::string name = take_text(bytes);
    request.headers.emplace_back(std::move(name), take_text(bytes));
  }
  return request;
}

}  // namespace atonce
