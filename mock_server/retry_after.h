#pragma once
/// How a client is told to wait before its next attempt, and whether it does.

#include <mutex>
#include <unordered_map>

#include "core/attempt_id.h"
#include "core/clock.h"
#include "core/config.h"
#include "mock_server/canned_response.h"

namespace atonce::mock {

enum class RetryAfterForm : unsigned char {
  both,          ///< `seconds` and `milliseconds`
  seconds,       ///< Retry-After in whole seconds
  milliseconds,  ///< retry-after-ms in whole milliseconds
  http_date,     ///< Retry-After as a point in time
};
/// Throws ConfigError.
RetryAfterForm parse_retry_after_form(const ConfigNode& node);

/// All forms are rounded up: a client that heeds them comes late enough.
CannedResponse::Headers retry_after_headers(Nanos wait, RetryAfterForm form = RetryAfterForm::both);

/// Which calls were told to wait until when. Thread-safe.
class RetryWatch {
 public:
  /// The client of attempt `id` is told at `at` not to try that call again before `until`.
  void tell(AttemptId id, Instant at, Instant until);
  /// Whether the attempt, which arrived at `at`, is a later one of a call whose time has not come.
  /// First attempts, which all are without retries, cost a comparison.
  bool is_early(AttemptId id, Instant at) { return id.attempt > 0 && look_up(id, at); }
  void clear();

 private:
  struct Told {
    std::uint16_t attempt;
    Instant until;
  };
  bool look_up(AttemptId id, Instant at);

  std::mutex mutex_;
  std::unordered_map<std::uint64_t, Told> told_;  // by the id of the call's first attempt
  std::size_t worth_a_look_ = 1024;
};

}  // namespace atonce::mock
