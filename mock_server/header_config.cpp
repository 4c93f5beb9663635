#include "mock_server/header_config.h"

namespace atonce::mock {
namespace {

std::pair<std::string, std::string> parse_header(const std::string& name, const ConfigNode& node) {
  if (!is_header_name(name)) node.fail("not a header name");
  std::string value = node.text();
  if (value.find_first_of("\r\n") != value.npos) node.reject("a value on one line");
  return {name, std::move(value)};
}

}  // namespace

CannedResponse::Headers parse_headers(const ConfigNode& node) {
  CannedResponse::Headers headers;
  for (const auto& [name, value] : node.entries()) headers.push_back(parse_header(name, value));
  return headers;
}

}  // namespace atonce::mock
