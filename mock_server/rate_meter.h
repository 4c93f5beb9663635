#pragma once
/// How much of a quota is left, on a clock that comes in with every question.

#include <deque>
#include <variant>

#include "core/clock.h"
#include "mock_server/rate_limit.h"

namespace atonce::mock {

/// Exact: counts in whole units of 1/per of a token, so nothing is lost to rounding.
class TokenBucket {
 public:
  explicit TokenBucket(const Quota& quota);
  void settle(Instant at);
  std::uint64_t remaining() const;
  Nanos wait(std::uint64_t amount) const;
  Nanos until_full() const;
  void take(std::uint64_t amount);

 private:
  __extension__ using Units = __int128;  // 10^9 tokens of 10^14 ns each do not fit 64 bits

  Quota quota_;
  Units level_;
  Instant at_ = unset;
};

/// Remembers what was taken within the last `per`.
class SlidingWindow {
 public:
  explicit SlidingWindow(const Quota& quota) : quota_(quota) {}
  void settle(Instant at);
  std::uint64_t remaining() const { return quota_.most - used_; }
  Nanos wait(std::uint64_t amount) const;
  Nanos until_full() const;
  void take(std::uint64_t amount);

 private:
  struct Taken {
    Instant until;  // it counts
    std::uint64_t amount;
  };
  Quota quota_;
  std::deque<Taken> taken_;
  std::uint64_t used_ = 0;
  Instant at_ = unset;
};

/// Either kind. Questions are about the latest instant settled for; an earlier one changes nothing.
class RateMeter {
 public:
  explicit RateMeter(const Quota& quota);

  /// Time is `at` now.
  void settle(Instant at);
  std::uint64_t most() const { return most_; }
  std::uint64_t remaining() const;
  /// Until `amount` can be taken: 0 when it can be now, unlimited_time when it never can.
  Nanos wait(std::uint64_t amount) const;
  /// Until all of the quota is there, if nobody takes any.
  Nanos until_full() const;
  /// Requires wait(amount) == 0.
  void take(std::uint64_t amount);

 private:
  std::uint64_t most_;
  std::variant<TokenBucket, SlidingWindow> kind_;
};

}  // namespace atonce::mock
