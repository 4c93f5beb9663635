#include "mock_server/token_plan.h"

#include <algorithm>
#include <cmath>

#include "core/random.h"

namespace atonce::mock {
namespace {

/// Whatever the laws say: sums stay far from overflowing.
constexpr Nanos longest = std::chrono::hours(24 * 365);

Nanos slowed(Nanos alone, double slowdown) {
  const double time = static_cast<double>(alone.count()) * slowdown;
  return Nanos{std::llround(std::min(time, static_cast<double>(longest.count())))};
}

}  // namespace

TokenLaws::TokenLaws(const LlmRoute& route, double time_scale)
    : ttft_(scaled(route.ttft, time_scale)),
      gap_(scaled(route.gap, time_scale)),
      tokens_(route.tokens) {}

TokenPlan TokenLaws::plan(std::uint64_t seed, AttemptId id, std::size_t most,
                          double slowdown) const {
  const auto packed = id.packed();
  const double count = std::clamp(quantile(tokens_, uniform01(seed, packed, Stream::token_count)),
                                  1.0, static_cast<double>(most_tokens));
  const auto wanted = static_cast<std::size_t>(std::llround(count));
  TokenPlan plan{.due = std::vector<Nanos>(std::min(wanted, most)), .is_cut = wanted > most};
  const std::uint64_t gaps = hash(seed, packed, Stream::token_gap);
  Nanos at = slowed(draw(ttft_, uniform01(seed, packed, Stream::ttft)), slowdown);
  for (std::size_t i = 0; i < plan.due.size(); ++i) {
    if (i > 0) at += slowed(draw(gap_, uniform01(gaps, i, Stream::token_gap)), slowdown);
    plan.due[i] = at = std::min(at, longest);
  }
  return plan;
}

}  // namespace atonce::mock
