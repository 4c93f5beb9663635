#include "runners/beast_response.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <cstring>

namespace atonce {

namespace http = boost::beast::http;
using boost::asio::buffer;
using boost::system::error_code;

namespace {

/// A response head larger than this is not one.
constexpr std::size_t largest_head = 256 * 1024;

}  // namespace

void BeastResponse::begin(ResponseReader& reader, bool head_only) {
  reader_ = &reader;
  head_only_ = head_only;
  filled_ = 0;
  parser_.reset();
  reusable_ = false;
}

std::optional<Outcome> BeastResponse::add(std::size_t size, bool ended, Instant seen) {
  Sample& sample = reader_->sample();
  if (size > 0 && sample.at.first_byte == unset) sample.at.first_byte = seen;
  filled_ += size;
  auto outcome = parse(seen);
  if (!outcome && ended) outcome = end_of_stream();
  sample.status = static_cast<std::uint16_t>(parser_->status());
  if (!outcome) return {};
  sample.at.done = seen;
  reusable_ = parser_->is_done() && parser_->keep_alive() && filled_ == 0 && !ended;
  return outcome;
}

std::optional<Outcome> BeastResponse::parse(Instant seen) {
  std::size_t used = 0;
  error_code error;
  do {
    if (!parser_ || (parser_->is_done() && parser_->interim())) {
      parser_.emplace(*reader_);
      parser_->eager(true);
      parser_->skip(head_only_);
      parser_->header_limit(largest_head);
      parser_->body_limit(boost::none);
    }
    if (used == filled_) break;
    parser_->set_seen(seen);
    used += parser_->put(buffer(buffer_.data() + used, filled_ - used), error);
  } while (!error && parser_->is_done() && parser_->interim());

  std::memmove(buffer_.data(), buffer_.data() + used, filled_ - used);
  filled_ -= used;
  if (error && error != http::error::need_more) return Outcome::malformed;
  if (parser_->is_done() && !parser_->interim()) return outcome_of_status(parser_->status());
  if (filled_ == buffer_.size()) {
    if (filled_ >= largest_head) return Outcome::malformed;
    buffer_.resize(2 * buffer_.size());
  }
  return {};
}

Outcome BeastResponse::end_of_stream() {
  if (!parser_->is_header_done() || parser_->interim()) return Outcome::closed_early;
  error_code error;
  parser_->put_eof(error);
  return error ? Outcome::truncated : outcome_of_status(parser_->status());
}

}  // namespace atonce
