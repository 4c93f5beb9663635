#pragma once
/// A response read for its measure only, nothing stored.

#include <boost/beast/http/basic_parser.hpp>

#include "core/response_reader.h"

namespace atonce {

/// Beast's incremental parser, feeding a ResponseReader. No allocation per response.
class ResponseParser : public boost::beast::http::basic_parser<false> {
 public:
  explicit ResponseParser(ResponseReader& reader) : reader_(reader) {}

  /// When the bytes that are put next were read.
  void set_seen(Instant seen) { seen_ = seen; }
  unsigned status() const { return status_; }
  /// A 1xx response, after which the real one follows on the same connection.
  bool interim() const { return status_ >= 100 && status_ < 200 && status_ != 101; }

 private:
  using error_code = boost::beast::error_code;
  using string_view = boost::beast::string_view;
  using field = boost::beast::http::field;
  using verb = boost::beast::http::verb;

  void on_request_impl(verb, string_view, string_view, int, error_code&) override {}
  void on_response_impl(int status, string_view, int, error_code&) override {
    status_ = static_cast<unsigned>(status);
  }
  void on_field_impl(field, string_view name, string_view value, error_code&) override {
    reader_.on_header({name.data(), name.size()}, {value.data(), value.size()});
  }
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(string_view body, error_code&) override { return take(body); }
  void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, string_view body, error_code&) override {
    return take(body);
  }
  void on_finish_impl(error_code&) override {}

  std::size_t take(string_view body) {
    reader_.on_body({body.data(), body.size()}, seen_);
    return body.size();
  }

  ResponseReader& reader_;
  Instant seen_ = unset;
  unsigned status_ = 0;
};

}  // namespace atonce
