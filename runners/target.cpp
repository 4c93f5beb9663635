#include <arpa/inet.h>
#include <curl/curl.h>
#include <fmt/format.h>

#include <memory>
#include <stdexcept>

#include "runners/runner.h"

namespace atonce {
namespace {

struct UrlDeleter {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using Url = std::unique_ptr<CURLU, UrlDeleter>;

std::string part(CURLU* url, CURLUPart which, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, which, &text, flags) != CURLUE_OK) return {};
  std::string copy = text;
  curl_free(text);
  return copy;
}

std::string without_brackets(std::string host) {
  if (host.size() > 2 && host.front() == '[' && host.back() == ']')
    return host.substr(1, host.size() - 2);
  return host;
}

}  // namespace

Target parse_target(const std::string& text) {
  const Url url{curl_url()};
  if (curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK)
    throw std::invalid_argument(
        fmt::format("'{}' is not a URL; expected for example http://127.0.0.1:8080", text));
  if (part(url.get(), CURLUPART_SCHEME) != "http")
    throw std::invalid_argument(
        fmt::format("'{}': only http:// targets can be played against", text));
  if (!part(url.get(), CURLUPART_USER).empty() || !part(url.get(), CURLUPART_QUERY).empty())
    throw std::invalid_argument(
        fmt::format("'{}': a base URL has no user name and no query", text));

  const std::string bracketed_host = part(url.get(), CURLUPART_HOST);
  const std::string port = part(url.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT);
  Target target;
  target.host = without_brackets(bracketed_host);
  target.port = static_cast<std::uint16_t>(std::stoul(port));
  target.base_path = part(url.get(), CURLUPART_PATH);
  while (!target.base_path.empty() && target.base_path.back() == '/') target.base_path.pop_back();
  target.authority = target.port == 80 ? bracketed_host : bracketed_host + ":" + port;
  return target;
}

bool is_local(const Target& target) {
  in_addr v4{};
  in6_addr v6{};
  if (inet_pton(AF_INET, target.host.c_str(), &v4) == 1) return ntohl(v4.s_addr) >> 24 == 127;
  if (inet_pton(AF_INET6, target.host.c_str(), &v6) == 1) return IN6_IS_ADDR_LOOPBACK(&v6);
  return target.host == "localhost";
}

}  // namespace atonce
