#include "runners/request_text.h"

#include <fmt/format.h>

#include "runners/wire.h"

namespace atonce {

std::string_view RequestTexts::of(const Request& request, AttemptId id) {
  auto found = texts_.find(&request);
  if (found == texts_.end()) found = texts_.emplace(&request, render(request)).first;
  Text& text = found->second;
  to_hex(id, text.bytes.data() + text.id_at);
  return text.bytes;
}

RequestTexts::Text RequestTexts::render(const Request& request) const {
  Text text;
  auto to = std::back_inserter(text.bytes);
  fmt::format_to(
      to, "{} {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: {}\r\nAccept: */*\r\n{}: ", request.method,
      path_on_wire(target_, request), target_.authority, user_agent, id_header);
  text.id_at = text.bytes.size();
  fmt::format_to(to, "{}\r\n", to_hex(AttemptId{}));
  if (!keep_alive_) fmt::format_to(to, "Connection: close\r\n");
  if (!request.body.empty()) {
    fmt::format_to(to, "Content-Length: {}\r\n", request.body.size());
    if (!has_header(request, "Content-Type"))
      fmt::format_to(to, "Content-Type: {}\r\n", default_content_type);
  }
  for (const auto& [name, value] : request.headers) fmt::format_to(to, "{}: {}\r\n", name, value);
  fmt::format_to(to, "\r\n{}", request.body);
  return text;
}

}  // namespace atonce
