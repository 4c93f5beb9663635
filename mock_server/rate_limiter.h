#pragma once
/// Who may pass, and who has to wait.

#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "mock_server/rate_limit.h"
#include "mock_server/rate_meter.h"

namespace atonce::mock {

/// One limit with the state of each key, as a state machine without a clock: instants come in with
/// the events, and one that is earlier than another already seen counts as that one. Thread-safe.
class RateLimiter {
 private:
  struct KeyState;

 public:
  /// A place among the concurrent attempts of a key, for as long as it lives. Its limiter must
  /// outlive it.
  class Pass {
   public:
    Pass(RateLimiter& limiter, std::shared_ptr<KeyState> key)
        : limiter_(&limiter), key_(std::move(key)) {}
    Pass(Pass&& other) noexcept = default;
    Pass& operator=(Pass&&) = delete;
    ~Pass() {
      if (key_) limiter_->release(*key_);
    }

   private:
    RateLimiter* limiter_;
    std::shared_ptr<KeyState> key_;
  };

  enum class Verdict : unsigned char { admitted, limited, banned };
  enum class Cause : unsigned char { requests, tokens, concurrent };

  /// Of one quota, after the attempt.
  struct Gauge {
    std::uint64_t most = 0;
    std::uint64_t remaining = 0;
    Nanos until_full{};
  };

  struct Admission {
    Verdict verdict = Verdict::admitted;
    std::optional<Pass> pass;  ///< when admitted
    Cause cause{};             ///< the first limit that was in the way, when limited
    /// When limited: until the quotas have room, unlimited_time when they never will. Nothing when
    /// only others' attempts are in the way, as nobody knows when they end.
    std::optional<Nanos> wait;
    bool begins_ban = false;  ///< what comes after this attempt is banned
    std::optional<Gauge> requests, tokens;
  };

  RateLimiter(const RateLimit& limit, double time_scale)
      : configured_(limit), limit_(with_time_scale(limit, time_scale)) {}

  /// An attempt of `key` arrives, and takes one request and `tokens` when all limits have room for
  /// it. A refused one takes nothing.
  Admission admit(std::string_view key, std::uint64_t tokens, Instant at);

  /// As configured, unscaled.
  const RateLimit& limit() const { return configured_; }
  /// Forgets all keys; the passes there are count for nothing from here on.
  void reset(double time_scale);

 private:
  struct KeyState {
    explicit KeyState(const RateLimit& limit);
    void settle(const RateLimit& limit, Instant at);
    bool is_as_new(Instant at) const;

    std::optional<RateMeter> requests, tokens;
    std::size_t concurrent = 0;
    std::deque<Instant> refusals;  // as far as the ban looks back
    Instant banned_until = unset;
  };

  std::shared_ptr<KeyState> find(std::string_view key, Instant at);
  void forget_idle(Instant at);
  void judge(const KeyState& key, std::uint64_t tokens, Admission& admission) const;
  bool note_refusal(KeyState& key, Instant at) const;
  void release(KeyState& key);

  const RateLimit configured_;
  std::mutex mutex_;
  RateLimit limit_;
  std::map<std::string, std::shared_ptr<KeyState>, std::less<>> keys_;
  std::size_t keys_worth_a_look_ = 1024;
};

}  // namespace atonce::mock
