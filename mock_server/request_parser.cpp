#include "mock_server/request_parser.h"

#include <boost/beast/core/string.hpp>
#include <charconv>

namespace atonce::mock {

RequestParser::RequestParser(RequestHead& head, std::span<const std::string> key_headers)
    : head_(head), key_headers_(key_headers) {
  head_.keys.resize(key_headers.size());
  for (std::string& key : head_.keys) key.clear();
  head_.body_bytes = 0;
  head_.id.reset();
  head_.retries = 0;
  head_.expects_continue = false;
}

void RequestParser::on_request_impl(verb, string_view method, string_view target, int version,
                                    error_code&) {
  head_.method.assign(method.data(), method.size());
  head_.is_http11 = version >= 11;
  head_.target.assign(target.data(), target.size());
}

void RequestParser::on_field_impl(field known, string_view name, string_view value, error_code&) {
  using boost::beast::iequals;
  for (std::size_t i = 0; i < key_headers_.size(); ++i) {
    if (iequals(name, key_headers_[i])) head_.keys[i].assign(value.data(), value.size());
  }
  if (known == field::unknown && iequals(name, {id_header.data(), id_header.size()})) {
    head_.id = attempt_id_from_hex({value.data(), value.size()});
  } else if (known == field::unknown && iequals(name, "X-Stainless-Retry-Count")) {
    std::from_chars(value.data(), value.data() + value.size(), head_.retries);
  } else if (known == field::expect && iequals(value, "100-continue")) {
    head_.expects_continue = true;
  }
}

}  // namespace atonce::mock
