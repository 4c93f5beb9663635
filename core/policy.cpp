#include "core/policy.h"

#include <algorithm>
#include <cmath>

#include "core/random.h"

namespace atonce {

RetryPolicy RetryPolicy::sdk() {
  using std::chrono::milliseconds;
  return {.max_attempts = 3,
          .base = milliseconds(500),
          .factor = 2,
          .jitter = 0.25,
          .longest = std::chrono::seconds(8),
          .after_head = false};
}

bool retryable(Outcome outcome, unsigned status) {
  switch (outcome) {
    case Outcome::rate_limited:
    case Outcome::connect_refused:
    case Outcome::connect_timeout:
    case Outcome::dns:
    case Outcome::tls:
    case Outcome::reset:
    case Outcome::closed_early:
    case Outcome::truncated:
    case Outcome::stream_error:
    case Outcome::read_timeout:
    case Outcome::worker_lost:
      return true;
    case Outcome::http_status:
      return status == 408 || status == 409 || status >= 500;
    default:
      return false;
  }
}

std::optional<bool> overloaded(Outcome outcome, unsigned status) {
  if (outcome == Outcome::ok) return false;
  if (outcome == Outcome::deadline || retryable(outcome, status)) return true;
  return {};
}

Nanos backoff(const RetryPolicy& policy, std::uint64_t seed, std::uint64_t packed_id,
              std::uint16_t attempt) {
  // The power may overflow; a finite one keeps a base of 0 at 0.
  const double growth = std::min(std::pow(policy.factor, attempt), 0x1.0p1000);
  const auto longest = static_cast<double>(policy.longest.count());
  const double full = std::min(longest, static_cast<double>(policy.base.count()) * growth);
  const double wait = full * (1 - policy.jitter * uniform01(seed, packed_id, Stream::backoff));
  return wait < longest ? Nanos{static_cast<std::int64_t>(wait)} : policy.longest;
}

std::optional<Nanos> retry_wait(const RetryPolicy& policy, std::uint64_t seed,
                                const Sample& sample) {
  if (sample.outcome == Outcome::ok || sample.id.attempt + 1 >= policy.max_attempts) return {};
  const bool head_was_good = sample.status >= 200 && sample.status < 400;
  if (head_was_good && !policy.after_head) return {};
  const bool told = policy.hints && sample.retry.should.has_value();
  if (told ? !*sample.retry.should : !retryable(sample.outcome, sample.status)) return {};
  const bool timed =
      policy.hints && sample.retry.after && *sample.retry.after <= policy.longest_hint;
  if (timed) return *sample.retry.after;
  return backoff(policy, seed, sample.id.packed(), sample.id.attempt);
}

}  // namespace atonce
