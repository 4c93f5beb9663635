#include "mock_server/canned_response.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/beast/http/status.hpp>

#include "core/ascii.h"

namespace atonce::mock {
namespace {

std::string_view connection_header(Persistence persistence) {
  switch (persistence) {
    case Persistence::stays_open:
      return "";
    case Persistence::stays_open_http10:
      return "Connection: keep-alive\r\n";
    case Persistence::closes:
      return "Connection: close\r\n";
  }
  return "";
}

}  // namespace

CannedResponse::Headers with_content_type(CannedResponse::Headers headers, std::string_view type) {
  const bool has_type = std::ranges::any_of(headers, [](const auto& header) {
    return equal_ignoring_case(header.first, "content-type");
  });
  if (!has_type) headers.emplace_back("Content-Type", type);
  return headers;
}

std::string render_head(std::uint16_t status, const CannedResponse::Headers& headers,
                        std::string_view framing, Persistence persistence) {
  const std::string_view reason =
      boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(status));
  auto head = fmt::format("HTTP/1.1 {} {}\r\n", status, reason);
  for (const auto& [name, value] : headers) head += fmt::format("{}: {}\r\n", name, value);
  if (!framing.empty()) head += fmt::format("{}\r\n", framing);
  head += connection_header(persistence);
  return head + "\r\n";
}

std::string with_headers(std::string_view head, std::string_view lines) {
  head.remove_suffix(2);
  return fmt::format("{}{}\r\n", head, lines);
}

bool is_header_name(std::string_view name) {
  constexpr std::string_view token =
      "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  return !name.empty() && name.find_first_not_of(token) == name.npos;
}

CannedResponse::CannedResponse(std::uint16_t status, const Headers& headers, std::string body)
    : status_(status), body_(std::move(body)) {
  const bool has_body = status != 204 && status != 304;
  const auto framing = has_body ? fmt::format("Content-Length: {}", body_.size()) : std::string{};
  for (const auto persistence :
       {Persistence::stays_open, Persistence::stays_open_http10, Persistence::closes}) {
    heads_[static_cast<std::size_t>(persistence)] =
        render_head(status, headers, framing, persistence);
  }
}

CannedResponse CannedResponse::error(std::uint16_t status, const std::string& sentence) {
  return {status,
          {{"Content-Type", "application/json"}},
          fmt::format("{{\"error\": \"{}\"}}\n", sentence)};
}

}  // namespace atonce::mock
