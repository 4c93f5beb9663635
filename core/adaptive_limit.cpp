#include "core/adaptive_limit.h"

#include <algorithm>
#include <cmath>

namespace atonce {
namespace {

constexpr double first_limit = 10;
/// Where the trial itself has no cap: more than any client carries.
constexpr double highest_limit = 1e6;
constexpr std::size_t fewest_in_a_round = 10;
constexpr double tolerated = 0.01;
/// Of the limit; anything less is a step, whose echo does no harm.
constexpr double cut = 0.95;
constexpr std::size_t rounds_between_probes = 50;
constexpr std::size_t long_rounds = 600, first_rounds = 10;

double in_ns(Nanos time) {
  return std::max(1.0, static_cast<double>(time.count()));
}

}  // namespace

std::string_view name(LimitLaw law) {
  return std::ranges::find(limit_laws, law, &std::pair<std::string_view, LimitLaw>::second)->first;
}

std::optional<LimitLaw> limit_law(std::string_view name) {
  for (const auto& [word, law] : limit_laws)
    if (word == name) return law;
  return {};
}

AdaptiveLimit::AdaptiveLimit(const LimitRule& rule, std::size_t most)
    : rule_(rule),
      most_(std::min(highest_limit, static_cast<double>(most))),
      limit_(rule.law == LimitLaw::fixed ? most_ : std::min(first_limit, most_)) {}

/// What is in flight when the limit is cut was sent under the old one: counted, it would be held
/// against the new one a second time.
void AdaptiveLimit::on_end(Nanos response_time, bool failed, std::size_t in_flight) {
  if (stale_ > 0) {
    --stale_;
    return;
  }
  const auto round = count(response_time, failed, in_flight);
  if (!round) return;
  const double before = limit_;
  step(*round);
  if (limit_ < cut * before) stale_ = in_flight;
}

std::optional<Round> AdaptiveLimit::count(Nanos response_time, bool failed, std::size_t in_flight) {
  ++ends_;
  bad_ += failed || response_time > rule_.late;
  peak_ = std::max(peak_, in_flight + 1);
  if (!failed) {
    ++good_;
    good_time_ += in_ns(response_time);
  }
  if (ends_ < std::max(fewest_in_a_round, limit())) return {};
  Round round{.mean = {},
              .bad_share = static_cast<double>(bad_) / static_cast<double>(ends_),
              .used = 2 * static_cast<double>(peak_) >= limit_};
  if (good_ > 0)
    round.mean = Nanos{static_cast<std::int64_t>(good_time_ / static_cast<double>(good_))};
  ends_ = bad_ = good_ = peak_ = 0;
  good_time_ = 0;
  return round;
}

void AdaptiveLimit::step(const Round& round) {
  switch (rule_.law) {
    case LimitLaw::fixed:
      break;
    case LimitLaw::aimd:
      limit_ = aimd(round);
      break;
    case LimitLaw::vegas:
      limit_ = vegas(round);
      break;
    case LimitLaw::gradient2:
      limit_ = gradient2(round);
      break;
  }
  limit_ = std::clamp(limit_, 1.0, most_);
}

double AdaptiveLimit::aimd(const Round& round) const {
  if (round.bad_share > tolerated) return 0.9 * limit_;
  return round.used ? limit_ + 1 : limit_;
}

/// The time without load must not be the least ever, or a server that moved further away would
/// pass for a loaded one. So now and then half the limit is let in for a round, in which the queue
/// drains: how long calls take then is the time without load. (The library takes whatever time it
/// sees then, queue included, and so lets the queue grow from probe to probe.)
double AdaptiveLimit::vegas(const Round& round) {
  const double unit = std::max(1.0, std::log10(limit_));
  if (before_probe_ > 0) {
    if (round.mean) base_time_ = in_ns(*round.mean);
    return std::exchange(before_probe_, 0);
  }
  if (!round.mean) return limit_ - unit;
  const double time = in_ns(*round.mean);
  base_time_ = base_time_ == 0 ? time : std::min(base_time_, time);
  if (++rounds_ % rounds_between_probes == 0) {
    before_probe_ = limit_;
    return limit_ / 2;
  }
  const double queue = limit_ * (1 - base_time_ / time);
  if (round.bad_share > tolerated || queue > 6 * unit) return limit_ - unit;
  return queue < 3 * unit && round.used ? limit_ + unit : limit_;
}

double AdaptiveLimit::gradient2(const Round& round) {
  constexpr double least = 0.5, tolerance = 1.5, queue = 4, smoothing = 0.2;
  double gradient = least;
  if (round.mean) {
    const double time = in_ns(*round.mean);
    ++rounds_;
    const double weight = rounds_ <= first_rounds ? 1 / static_cast<double>(rounds_)
                                                  : 2 / static_cast<double>(long_rounds + 1);
    base_time_ += weight * (time - base_time_);
    if (base_time_ > 2 * time) base_time_ *= 0.95;
    gradient = std::clamp(tolerance * base_time_ / time, least, 1.0);
  }
  if (!round.used) return limit_;
  return (1 - smoothing) * limit_ + smoothing * (limit_ * gradient + queue);
}

}  // namespace atonce
