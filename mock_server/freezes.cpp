#include "mock_server/freezes.h"

#include <algorithm>

namespace atonce::mock {
namespace {

/// Of the time, all that repeat together: above it, chains of freezes would have no end to find.
constexpr double most_frozen = 0.99;

/// No timer tells a shorter one; and times this far above a nanosecond lose nothing when they are
/// scaled that would close the gap between two freezes.
constexpr Nanos shortest = std::chrono::microseconds(1);

/// Whatever the file says: sums stay far from overflowing.
constexpr Nanos longest = std::chrono::hours(24 * 365);

Freeze parse_freeze(const ConfigNode& node) {
  node.allow_only({"at", "for", "every"});
  Freeze freeze{.at = node.at("at").duration(), .span = node.at("for").duration()};
  if (freeze.span < shortest) node.at("for").reject("1us or more");
  if (const auto every = node.find("every")) {
    freeze.every = every->duration();
    if (*freeze.every <= freeze.span) every->reject("more than 'for'");
  }
  return freeze;
}

/// The end of the freeze that has the server at `time`, or `time`; both since the origin.
Nanos end_of(const Freeze& freeze, Nanos time) {
  if (time < freeze.at) return time;
  Nanos since = time - freeze.at;
  if (freeze.every) since %= *freeze.every;
  return since < freeze.span ? time + (freeze.span - since) : time;
}

}  // namespace

std::vector<Freeze> parse_freezes(const ConfigNode& node) {
  std::vector<Freeze> freezes;
  double share = 0;
  for (const ConfigNode& item : node.items()) {
    const Freeze freeze = freezes.emplace_back(parse_freeze(item));
    if (!freeze.every) continue;
    share += static_cast<double>(freeze.span.count()) / static_cast<double>(freeze.every->count());
    if (share > most_frozen) item.fail("the server would be frozen for more than 99 % of the time");
  }
  return freezes;
}

Freezes::Freezes(const std::vector<Freeze>& freezes, double time_scale) {
  for (Freeze freeze : freezes) {
    freeze.at = std::min(scaled(freeze.at, time_scale), longest);
    freeze.span = std::min(scaled(freeze.span, time_scale), longest);
    if (freeze.every) freeze.every = scaled(*freeze.every, time_scale);
    if (freeze.span >= shortest) freezes_.push_back(freeze);
  }
}

void Freezes::begin(Instant arrival) {
  if (freezes_.empty() || origin_.load(std::memory_order_relaxed) != unset) return;
  Instant none = unset;
  origin_.compare_exchange_strong(none, arrival, std::memory_order_relaxed);
}

Instant Freezes::thaw(Instant at) const {
  const Instant origin = origin_.load(std::memory_order_relaxed);
  if (freezes_.empty() || origin == unset) return at;
  Nanos time = at - origin;
  for (bool is_frozen = true; is_frozen;) {
    const Nanos before = time;
    for (const Freeze& freeze : freezes_) time = end_of(freeze, time);
    is_frozen = time != before;
  }
  return origin + time;
}

}  // namespace atonce::mock
