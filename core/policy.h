#pragma once
/// The limits and rules under which a schedule is played. The dispatcher applies them, no runner.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>

#include "core/adaptive_limit.h"
#include "core/clock.h"
#include "core/outcome.h"
#include "core/sample.h"

namespace atonce {

inline constexpr std::size_t unlimited = std::numeric_limits<std::size_t>::max();

/// What a failed call means for the other calls of its session.
enum class ErrorPolicy : unsigned char {
  collect,    ///< nothing; failures are collected
  fail_fast,  ///< they are cancelled: those in flight aborted, those waiting never sent
};

/// Exponential back-off: before retry k (k = 1, 2, ...) wait
/// min(longest, base * factor^(k-1)) * (1 - jitter * u), u uniform on (0, 1) from the attempt's id.
struct RetryPolicy {
  std::uint16_t max_attempts = 1;  ///< 1 = never retry
  Nanos base = std::chrono::seconds(1);
  double factor = 2;
  double jitter = 0;  ///< in [0, 1]
  Nanos longest = std::chrono::minutes(1);
  bool hints = true;  ///< x-should-retry decides, and Retry-After replaces the back-off
  Nanos longest_hint = std::chrono::minutes(1);  ///< a longer Retry-After is ignored
  bool after_head = true;  ///< also what fails once a good response head has come, a cut stream

  /// What the OpenAI and Anthropic client libraries do by default (openai-node 7.5, client.ts): two
  /// retries, back-off 0.5 s doubling up to 8 s less up to a quarter, hints of up to a minute, and
  /// nothing once the response has begun.
  static RetryPolicy sdk();
};

/// Whether another try could help: connection errors, time-outs of one attempt, cut responses, and
/// the statuses 408, 409, 429 and >= 500.
bool retryable(Outcome outcome, unsigned status);

/// The back-off after the failure of `attempt` (0 = first try) of the call with this packed id.
Nanos backoff(const RetryPolicy& policy, std::uint64_t seed, std::uint64_t packed_id,
              std::uint16_t attempt);

/// How long after the end of this attempt its call is to be tried again; nothing when it is not.
std::optional<Nanos> retry_wait(const RetryPolicy& policy, std::uint64_t seed,
                                const Sample& sample);

/// Whether an attempt ended by what an overloaded server does: `retryable`, or the call's deadline.
/// Nothing when it tells nothing of the load: cancelled, refused for what it is, not understood.
std::optional<bool> overloaded(Outcome outcome, unsigned status);

struct Policy {
  std::size_t cap = unlimited;             ///< most attempts in flight at once, >= 1
  LimitRule limit{};                       ///< below the cap
  Nanos attempt_timeout = unlimited_time;  ///< from admitted to done
  Nanos call_deadline = unlimited_time;    ///< from the call's ready to its done, retries included
  RetryPolicy retry{};
  ErrorPolicy on_error = ErrorPolicy::collect;
  std::uint64_t seed = 1;  ///< for the jitter of back-offs
};

}  // namespace atonce
