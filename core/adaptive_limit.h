#pragma once
/// Limits of calls in flight that follow the server, as client libraries have them.

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

#include "core/clock.h"

namespace atonce {

enum class LimitLaw : unsigned char { fixed, aimd, vegas, gradient2 };

/// By the names that scenarios and the command line use.
inline constexpr std::array<std::pair<std::string_view, LimitLaw>, 4> limit_laws{
    {{"fixed", LimitLaw::fixed},
     {"aimd", LimitLaw::aimd},
     {"vegas", LimitLaw::vegas},
     {"gradient2", LimitLaw::gradient2}}};

std::string_view name(LimitLaw law);
std::optional<LimitLaw> limit_law(std::string_view name);

struct LimitRule {
  LimitLaw law = LimitLaw::fixed;
  Nanos late = unlimited_time;  ///< aimd holds a longer response against the server like a failure
};

/// What a number of attempts in a row came to.
struct Round {
  std::optional<Nanos> mean{};  ///< response time of those that went well, if any did
  double bad_share = 0;         ///< failed, or late
  bool used = true;             ///< half of the limit was in flight at some time
};

/// A value without a clock: it counts in rounds of attempts, each of as many as the limit allows at
/// once (at least ten), which is a round trip when the limit is used up. After each it makes one
/// step:
/// - aimd (Chiu and Jain 1989): nine tenths after a round with more than 1 % bad attempts, which
///   below a limit of 100 is any; else one more.
/// - vegas (Brakmo and Peterson 1995): by limit * (1 - time without load / time now) it guesses how
///   many wait, and keeps that between 3 and 6 times log10(limit), in steps of log10(limit); one
///   step down when more than 1 % failed.
/// - gradient2 (Netflix concurrency-limits, with its defaults): limit * gradient + 4, a fifth of
///   the way, with gradient = 1.5 * long mean of times / time now, in [0.5, 1]. Deaf to failures.
/// None of them raises a limit of which less than half was used.
class AdaptiveLimit {
 public:
  /// From 1 to `most`, beginning with at most 10. Under `fixed`: `most` for ever.
  AdaptiveLimit(const LimitRule& rule, std::size_t most);

  std::size_t limit() const { return static_cast<std::size_t>(limit_); }

  /// An attempt ended that tells of the server's load; `in_flight` are still out.
  void on_end(Nanos response_time, bool failed, std::size_t in_flight);

  void step(const Round& round);

 private:
  double aimd(const Round& round) const;
  double vegas(const Round& round);
  double gradient2(const Round& round);
  std::optional<Round> count(Nanos response_time, bool failed, std::size_t in_flight);

  LimitRule rule_;
  double most_, limit_;

  // Of the round at hand.
  std::size_t ends_ = 0, bad_ = 0, good_ = 0, peak_ = 0;
  double good_time_ = 0;   // ns, of all good ones together
  std::size_t stale_ = 0;  // ends still to come of attempts sent under a limit that was cut since

  std::size_t rounds_ = 0;   // vegas: since the last probe; gradient2: all
  double base_time_ = 0;     // ns; vegas: without load; gradient2: long mean
  double before_probe_ = 0;  // vegas: the limit while a probe is on, else 0
};

}  // namespace atonce
