#include "runners/asio_connection.h"

#include <boost/asio/error.hpp>
#include <boost/asio/write.hpp>
#include <cstring>
#include <string>

#include "runners/connect_error.h"

namespace atonce {

namespace asio = boost::asio;
using boost::system::error_code;
using tcp = asio::ip::tcp;

namespace {

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
    if (interrupted_) co_return Outcome::cancelled;  // or the next address would be tried
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
  response_.begin(reader, head_only);
  Sample& sample = reader.sample();
  sample.at.connected = sample.at.sent = now();
  // A server may refuse a request before it has read it all: its answer counts, not our failure to
  // write the rest.
  const error_code error = co_await send(request);
  if (error == asio::error::operation_aborted) co_return Outcome::cancelled;
  co_return co_await receive();
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

Task<Outcome> AsioConnection::receive() {
  for (;;) {
    const auto room = asio::buffer(response_.room().data(), response_.room().size());
    const auto [error, size] = co_await socket_.async_read_some(room, use_task);
    const Instant seen = now();
    const bool ended = error == asio::error::eof;
    if (error && !ended)
      co_return error == asio::error::operation_aborted ? Outcome::cancelled : Outcome::reset;
    const auto outcome = response_.add(size, ended, seen);
    if (outcome) co_return *outcome;
  }
}

void AsioConnection::interrupt() {
  interrupted_ = true;
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
