#pragma once
/// A timer of an event loop that rings one function.

#include <boost/asio/basic_waitable_timer.hpp>
#include <functional>

#include "core/clock.h"
#include "runners/asio_connection.h"

namespace atonce {

using LoopTimer =
    boost::asio::basic_waitable_timer<Clock, boost::asio::wait_traits<Clock>, LoopExecutor>;

/// Setting it to the instant it is set to already costs nothing. Not thread-safe.
class Alarm {
 public:
  Alarm(boost::asio::io_context& loop, std::function<void()> ring)
      : timer_(loop), ring_(std::move(ring)) {}

  /// `never` turns it off.
  void set(Instant at) {
    if (at == at_) return;
    at_ = at;
    timer_.expires_at(at);
    if (at == never) return;
    timer_.async_wait([this](const boost::system::error_code& error) {
      if (error) return;
      at_ = never;
      ring_();
    });
  }

 private:
  LoopTimer timer_;
  std::function<void()> ring_;
  Instant at_ = never;
};

}  // namespace atonce
