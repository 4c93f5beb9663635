#pragma once
/// Time as every part of atonce sees it.

#include <chrono>
#include <cstdint>

namespace atonce {

using Nanos = std::chrono::nanoseconds;
using Clock = std::chrono::steady_clock;

/// A point on the machine-wide monotonic clock (CLOCK_MONOTONIC), in nanoseconds. Comparable
/// between processes of one boot: client and mock server stamp on the same axis.
using Instant = std::chrono::time_point<Clock, Nanos>;

/// A stamp that was never reached.
inline constexpr Instant unset{};

/// Later than every instant that happens.
inline constexpr Instant never = Instant::max();

/// Longest span of time that is still a limit; "no limit" is written as this.
inline constexpr Nanos unlimited_time = Nanos::max();

inline Instant now() {
  return Clock::now();
}

/// `from + span`, or `never` when the span is unlimited or the sum would overflow.
constexpr Instant after(Instant from, Nanos span) {
  return span >= never - from ? never : from + span;
}

/// `until - span`; `never` stays what it is.
constexpr Instant before(Instant until, Nanos span) {
  return until == never ? never : until - span;
}

/// `span * factor`, factor > 0; `unlimited_time` when the span is unlimited or the product is.
constexpr Nanos scaled(Nanos span, double factor) {
  const double product = static_cast<double>(span.count()) * factor;
  const bool is_limited = span < unlimited_time && product < 0x1p63;
  return is_limited ? Nanos{static_cast<std::int64_t>(product)} : unlimited_time;
}

/// Nanoseconds since the clock's epoch; 0 stands for `unset`.
constexpr std::int64_t to_ns(Instant at) {
  return at.time_since_epoch().count();
}
constexpr Instant from_ns(std::int64_t ns) {
  return Instant{Nanos{ns}};
}

}  // namespace atonce
