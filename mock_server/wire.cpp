#include "mock_server/wire.h"

#include <array>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/beast/http/error.hpp>
#include <cstring>

namespace atonce::mock {

namespace http = boost::beast::http;

namespace {

constexpr std::size_t first_buffer = 4096;
/// No idle connection holds on to more of a body that it once received.
constexpr std::size_t much_memory = 64 << 10;

Wire::Received verdict_on(error_code error) {
  if (error == http::error::header_limit) return Wire::Received::header_too_large;
  if (error == http::error::body_limit) return Wire::Received::body_too_large;
  return Wire::Received::malformed;
}

}  // namespace

Wire::Wire(Socket socket, const Limits& limits, std::span<const std::string> key_headers)
    : socket_(std::move(socket)),
      timer_(socket_.get_executor()),
      limits_(limits),
      key_headers_(key_headers),
      buffer_(first_buffer),
      phase_since_(now()) {
  error_code ignored;
  socket_.set_option(tcp::no_delay(true), ignored);
  socket_.non_blocking(true, ignored);
}

Task<Wire::Received> Wire::receive_head() {
  // A request without a body is complete with its head: nothing of the one before may be left.
  body_.clear();
  if (body_.capacity() > much_memory) body_.shrink_to_fit();
  parser_.emplace(head_, key_headers_);
  parser_->header_limit(limits_.header_bytes);
  parser_->body_limit(limits_.body_bytes);
  phase_ = Phase::idle;
  if (begin_ != end_) {  // the client sent this request before it had our last answer
    read_at_ = now();
    phase_ = Phase::receiving;
  }
  return receive_until(&RequestParser::Base::is_header_done);
}

Task<Wire::Received> Wire::receive_body(BodyUse use) {
  phase_ = Phase::receiving;
  if (use == BodyUse::keep) parser_->keep_body(body_);
  parser_->eager(true);
  return receive_until(&RequestParser::Base::is_done);
}

Task<Wire::Received> Wire::receive_until(bool (RequestParser::Base::*reached)() const) {
  for (;;) {
    if (begin_ != end_) {
      error_code error;
      begin_ += parser_->put(asio::buffer(&buffer_[begin_], end_ - begin_), error);
      if (error && error != http::error::need_more) co_return verdict_on(error);
    }
    if (((*parser_).*reached)()) co_return Received::complete;
    const auto space = free_space();
    if (space.size() == 0) co_return Received::malformed;
    const auto [error, size] = co_await socket_.async_read_some(space, use_task);
    if (error) co_return timed_out_ ? Received::timed_out : Received::gone;
    read_at_ = now();
    end_ += size;
    if (phase_ == Phase::idle) {
      phase_ = Phase::receiving;
      phase_since_ = read_at_;
    }
  }
}

asio::mutable_buffer Wire::free_space() {
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (end_ == buffer_.size() && end_ < limits_.header_bytes) {
    buffer_.resize(std::min<std::size_t>(2 * end_, limits_.header_bytes));
  }
  return asio::buffer(buffer_.data() + end_, buffer_.size() - end_);
}

Persistence Wire::persistence() const {
  if (!parser_->is_header_done() || !parser_->keep_alive()) return Persistence::closes;
  return head_.is_http11 ? Persistence::stays_open : Persistence::stays_open_http10;
}

Task<std::optional<Wire::WriteTimes>> Wire::send(std::string_view head, std::string_view body) {
  std::array parts{asio::const_buffer(asio::buffer(head)), asio::const_buffer(asio::buffer(body))};
  const Instant first = now();
  phase_ = Phase::sending;
  phase_since_ = first;
  error_code error;
  // Most responses fit the socket's buffer and need no trip through the loop.
  std::size_t sent = socket_.send(parts, 0, error);
  while (!error || error == asio::error::would_block) {
    const std::size_t of_head = std::min(sent, parts[0].size());
    parts[0] += of_head;
    parts[1] += sent - of_head;
    phase_since_ = now();
    if (parts[0].size() + parts[1].size() == 0) co_return WriteTimes{first, phase_since_};
    std::tie(error, sent) = co_await socket_.async_write_some(parts, use_task);
  }
  co_return std::nullopt;
}

Task<void> Wire::finish_sending() {
  error_code error;
  socket_.shutdown(tcp::socket::shutdown_send, error);
  phase_ = Phase::receiving;
  while (!error) {
    std::tie(error, std::ignore) =
        co_await socket_.async_read_some(asio::buffer(buffer_), use_task);
  }
}

Task<Wire::Held> Wire::hold_until(Instant at) {
  constexpr asio::use_awaitable_t<LoopExecutor> use_plain_task;
  phase_ = Phase::serving;
  timer_.expires_at(at);
  while (socket_.is_open()) {
    error_code timer_error, read_error;
    const auto space = free_space();
    if (space.size() == 0) {
      std::tie(timer_error) = co_await timer_.async_wait(use_task);
    } else {
      // Reading is how a client's leaving shows; what a pipelining client sends is kept.
      std::size_t size = 0;
      std::tie(std::ignore, timer_error, read_error, size) =
          co_await asio::experimental::make_parallel_group(
              timer_.async_wait(asio::deferred), socket_.async_read_some(space, asio::deferred))
              .async_wait(asio::experimental::wait_for_one(), use_plain_task);
      end_ += size;
    }
    if (read_error && read_error != asio::error::operation_aborted) co_return Held::gone;
    if (std::exchange(woken_, false)) co_return Held::woken;
    if (!timer_error) co_return Held::due;
  }
  co_return Held::gone;
}

void Wire::wake() {
  woken_ = true;
  timer_.cancel();
}

void Wire::enforce_limits(Instant time) {
  const Nanos limit = phase_ == Phase::idle ? limits_.idle_time : limits_.receive_time;
  if (phase_ == Phase::serving || time - phase_since_ <= limit) return;
  if (phase_ != Phase::receiving || timed_out_) return close();
  timed_out_ = true;
  error_code ignored;
  socket_.cancel(ignored);
}

void Wire::reset() {
  error_code ignored;
  socket_.set_option(asio::socket_base::linger(true, 0), ignored);
  close();
}

void Wire::close() {
  error_code ignored;
  socket_.close(ignored);
  timer_.cancel();
}

}  // namespace atonce::mock
