#pragma once
/// Requests read as far as the mock server cares: bodies are counted, and kept only on request.

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/attempt_id.h"

namespace atonce::mock {

/// Strings keep their memory from one request to the next.
struct RequestHead {
  std::string method;
  std::string target;
  std::optional<AttemptId> id;
  std::vector<std::string> keys;  ///< values of the headers asked for, empty when missing
  std::uint64_t body_bytes = 0;   ///< received so far
  /// How many attempts of this call there were before, by the header of the vendors' SDKs.
  std::uint64_t retries = 0;
  bool expects_continue = false;
  bool is_http11 = true;

  std::string_view path() const { return std::string_view(target).substr(0, target.find('?')); }
  std::string_view query() const {
    return std::string_view(target).substr(std::min(path().size() + 1, target.size()));
  }
};

/// Beast's incremental parser with callbacks that fill a RequestHead. One per request.
class RequestParser : public boost::beast::http::basic_parser<true> {
 public:
  /// `head` and `key_headers`, whose values go to RequestHead::keys, must outlive the parser.
  RequestParser(RequestHead& head, std::span<const std::string> key_headers);

  using Base = boost::beast::http::basic_parser<true>;

  /// Appends the body to `sink`; to be called between the head and the body.
  void keep_body(std::string& sink) { sink_ = &sink; }

 private:
  using error_code = boost::beast::error_code;
  using string_view = boost::beast::string_view;
  using field = boost::beast::http::field;
  using verb = boost::beast::http::verb;

  void on_request_impl(verb, string_view method, string_view target, int version,
                       error_code&) override;
  void on_response_impl(int, string_view, int, error_code&) override {}
  void on_field_impl(field, string_view name, string_view value, error_code&) override;
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(string_view body, error_code&) override { return keep(body); }
  void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, string_view body, error_code&) override {
    return keep(body);
  }
  void on_finish_impl(error_code&) override {}

  std::size_t keep(string_view body) {
    head_.body_bytes += body.size();
    if (sink_ != nullptr) sink_->append(body.data(), body.size());
    return body.size();
  }

  RequestHead& head_;
  std::span<const std::string> key_headers_;
  std::string* sink_ = nullptr;
};

}  // namespace atonce::mock
