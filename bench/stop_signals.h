#pragma once
/// SIGINT and SIGTERM as a stop request.

#include <stop_token>
#include <thread>

namespace atonce {

/// From its construction on, the first of the two signals requests a stop instead of ending the
/// process. Make it before any other thread, which then inherits the blocked signals. One at a
/// time.
class StopSignals {
 public:
  StopSignals();
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  std::stop_token token() const { return source_.get_token(); }

 private:
  std::stop_source source_;
  std::jthread waiter_;
};

}  // namespace atonce
