#pragma once
/// How late an event loop is: a heartbeat that it is asked to run at fixed instants.

#include "core/dispatcher.h"

namespace atonce {

/// A beat every 10 ms. When the loop was held up, all beats that it missed are noted, each with its
/// own lag, so that one long stall does not pass for one late beat. Not thread-safe.
class LoopPulse {
 public:
  void start(Instant at) { due_ = at + period; }
  Instant due() const { return due_; }

  /// Notes what is due at `at`.
  void beat(Dispatcher& work, Instant at) {
    for (; due_ <= at; due_ += period) work.heartbeat({.due = due_, .ran = at});
  }

 private:
  static constexpr Nanos period = std::chrono::milliseconds(10);
  Instant due_ = never;
};

}  // namespace atonce
