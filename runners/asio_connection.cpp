#include "runners/asio_connection.h"

#include <boost/asio/error.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/error.hpp>
#include <cstring>
#include <string>
#include <utility>

#include "runners/connect_error.h"

namespace atonce {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;
using tcp = asio::ip::tcp;

namespace {

/// A response head larger than this is not one.
constexpr std::size_t largest_head = 256 * 1024;

tcp::endpoint to_asio(const SocketAddress& address) {
  tcp::endpoint endpoint;
  std::memcpy(endpoint.data(), address.get(), address.size);
  endpoint.resize(address.size);
  return endpoint;
}

}  // namespace

Task<Outcome> AsioConnection::connect(const Endpoint& endpoint) {
  Outcome outcome = Outcome::dns;
  for (const SocketAddress& address : endpoint.addresses) {
    error_code ignored;
    socket_.close(ignored);
    const auto [error] = co_await socket_.async_connect(to_asio(address), use_task);
    if (!error) {
      socket_.set_option(tcp::no_delay(true), ignored);
      socket_.non_blocking(true, ignored);
      co_return Outcome::ok;
    }
    outcome = connect_outcome(error.value());
  }
  co_return outcome;
}

Task<Outcome> AsioConnection::exchange(std::string_view request, bool head_only,
                                       ResponseReader& reader) {
  reusable_ = false;
  filled_ = 0;
  Sample& sample = reader.sample();
  sample.at.connected = sample.at.sent = now();
  // A server may refuse a request before it has read it all: its answer counts, not our failure to
  // write the rest.
  const error_code error = co_await send(request);
  if (error == asio::error::operation_aborted) co_return Outcome::cancelled;
  co_return co_await receive(head_only, reader);
}

/// Most requests fit the socket's buffer and cost one system call and no trip through the loop.
Task<error_code> AsioConnection::send(std::string_view request) {
  error_code error;
  const std::size_t sent = socket_.send(asio::buffer(request), 0, error);
  if (error && error != asio::error::would_block) co_return error;
  if (sent == request.size()) co_return error_code{};
  const std::string rest{request.substr(sent)};
  const auto [rest_error, size] = co_await asio::async_write(socket_, asio::buffer(rest), use_task);
  co_return rest_error;
}

Task<Outcome> AsioConnection::receive(bool head_only, ResponseReader& reader) {
  Sample& sample = reader.sample();
  std::optional<ResponseParser> parser;
  for (;;) {
    const auto room = asio::buffer(buffer_.data() + filled_, buffer_.size() - filled_);
    const auto [error, size] = co_await socket_.async_read_some(room, use_task);
    const Instant seen = now();
    if (error && error != asio::error::eof)
      co_return error == asio::error::operation_aborted ? Outcome::cancelled : Outcome::reset;
    if (size > 0 && sample.at.first_byte == unset) sample.at.first_byte = seen;
    filled_ += size;

    auto outcome = parse(reader, parser, head_only, seen);
    if (!outcome && error == asio::error::eof) outcome = end_of_stream(*parser);
    sample.status = static_cast<std::uint16_t>(parser->status());
    if (outcome) {
      sample.at.done = seen;
      reusable_ = parser->is_done() && parser->keep_alive() && filled_ == 0 && !error;
      co_return *outcome;
    }
  }
}

std::optional<Outcome> AsioConnection::parse(ResponseReader& reader,
                                             std::optional<ResponseParser>& parser, bool head_only,
                                             Instant seen) {
  std::size_t used = 0;
  error_code error;
  do {
    if (!parser || (parser->is_done() && parser->interim())) {
      parser.emplace(reader);
      parser->eager(true);
      parser->skip(head_only);
      parser->header_limit(largest_head);
      parser->body_limit(boost::none);
    }
    if (used == filled_) break;
    parser->set_seen(seen);
    used += parser->put(asio::buffer(buffer_.data() + used, filled_ - used), error);
  } while (!error && parser->is_done() && parser->interim());

  std::memmove(buffer_.data(), buffer_.data() + used, filled_ - used);
  filled_ -= used;
  if (error && error != http::error::need_more) return Outcome::malformed;
  if (parser->is_done() && !parser->interim()) return outcome_of_status(parser->status());
  if (filled_ == buffer_.size()) {
    if (filled_ >= largest_head) return Outcome::malformed;
    buffer_.resize(2 * buffer_.size());
  }
  return {};
}

Outcome AsioConnection::end_of_stream(ResponseParser& parser) const {
  if (!parser.is_header_done() || parser.interim()) return Outcome::closed_early;
  error_code error;
  parser.put_eof(error);
  return error ? Outcome::truncated : outcome_of_status(parser.status());
}

void AsioConnection::interrupt() {
  error_code ignored;
  socket_.close(ignored);
}

bool AsioConnection::still_open() {
  char byte;
  error_code error;
  socket_.receive(asio::buffer(&byte, 1), tcp::socket::message_peek, error);
  return error == asio::error::would_block;
}

}  // namespace atonce
