#pragma once
/// What a runner leaves behind: stamps and an outcome, nothing derived.

#include <cstdint>
#include <optional>
#include <span>

#include "core/attempt_id.h"
#include "core/clock.h"
#include "core/outcome.h"

namespace atonce {

/// Instants in the life of an attempt, in the order in which they happen. `unset` = not reached.
struct Stamps {
  Instant due{};          ///< the session was meant to start (schedule)
  Instant ready{};        ///< its stage opened, or its back-off ended
  Instant unblocked{};    ///< ready and a slot under the cap free: from here on the runner's doing
  Instant admitted{};     ///< handed out to the runner
  Instant connected{};    ///< got a usable connection
  Instant sent{};         ///< first byte of the request handed to the kernel
  Instant first_byte{};   ///< first byte of the response seen
  Instant first_event{};  ///< of a stream: its first event with a choice, even if empty
  Instant done{};         ///< last byte seen, or the failure noticed
  Instant processed{};    ///< the step after the response is over; unset where there was none

  /// The attempt is over: the slot under its cap is free, the next stage may start.
  Instant end() const { return processed == unset ? done : processed; }
};

/// What a streamed response brought; all 0 for any other.
struct StreamCounts {
  std::uint32_t events = 0;
  std::uint32_t tokens = 0;  ///< as the API counts them (usage), else events with content
};

/// What a failed response says about another try.
struct RetryHints {
  std::optional<Nanos> after;  ///< Retry-After or retry-after-ms
  std::optional<bool> should;  ///< x-should-retry
};

/// Waits on an event loop: meant to run at `due`, ran at `ran`.
struct Heartbeat {
  Instant due, ran;
};

/// One attempt, as the runner saw it.
struct Sample {
  AttemptId id;
  std::uint32_t slot = 0;  ///< as handed out with the attempt
  Outcome outcome = Outcome::unfinished;
  bool reused_connection = false;
  std::uint16_t status = 0;  ///< HTTP status, 0 when there was none
  std::uint64_t body_bytes = 0;
  RetryHints retry;
  StreamCounts stream;
  Stamps at;
  /// Arrival of every event with content, in order. Whoever hands the sample on keeps them alive
  /// until Dispatcher::complete() returns; in a recorder they live as long as it.
  std::span<const Instant> token_arrivals{};
};

/// What a call's last attempt came to.
struct LastAttempt {
  std::uint16_t status = 0;
  Instant sent{}, first_byte{}, done{};
};

inline LastAttempt last_attempt(const Sample& sample) {
  return {.status = sample.status,
          .sent = sample.at.sent,
          .first_byte = sample.at.first_byte,
          .done = sample.at.done};
}

/// One call in its final state, as the dispatcher saw it.
struct CallRecord {
  std::uint32_t session = 0;
  std::uint16_t call = 0;
  std::uint16_t stage = 0;
  std::uint16_t attempts = 0;  ///< 0 when it was never handed out
  Outcome outcome = Outcome::unfinished;
  Instant due{};          ///< of its session
  Instant ready{};        ///< its stage opened (= due in the first stage)
  Instant first_token{};  ///< of the attempt that ended it; unset where it was no stream
  Instant done{};
  LastAttempt last{};  ///< of those that were over by then
};

/// One session in its final state.
struct SessionRecord {
  std::uint32_t session = 0;
  bool ok = false;  ///< every call ended ok
  Instant due{};
  Instant done{};
};

}  // namespace atonce
