#include <algorithm>
#include <cmath>

#include "bench/tune/search.h"

/// The part of a search that looks for the lowest level with nearly the highest throughput.
namespace atonce::tune {
namespace {

constexpr std::size_t first_blocks = 3, knee_blocks = 12;
constexpr std::size_t most_probes = 24;

double good_calls(const Block& block) {
  const auto worst = block.bad.empty() ? block.failed : std::ranges::max(block.bad);
  return static_cast<double>(block.calls - std::max(worst, block.failed));
}
double ok_calls(const Block& block) {
  return static_cast<double>(block.calls - block.failed);
}

double share_wanted(Goal goal) {
  return goal == Goal::knee || goal == Goal::slo ? 0.95 : 0.98;
}

/// Throughput of the levels up to `top`, and the highest of them.
struct Rates {
  std::map<std::size_t, Mean> of;
  std::size_t best = 0;

  /// Whether the rate of `level` is at least `share` of the best; nothing when it may be either.
  std::optional<bool> reaches(std::size_t level, double share) const {
    constexpr double tail = 0.0125;
    const Mean &one = of.at(level), &top = of.at(best);
    if (level == best) return true;
    const double apart = one.value - share * top.value;
    const double error = std::hypot(one.error, share * top.error);
    const double degrees = std::max(1.0, std::min(one.degrees, top.degrees));
    if (std::abs(apart) < t_at(tail, degrees) * error) return {};
    return apart >= 0;
  }
};

/// On a plateau the lowest level stands for all: what is higher there is so by chance.
Rates rates_of(const Curve& curve, Goal goal, std::size_t top) {
  constexpr double as_good = 0.99;
  Rates rates;
  double highest = 0;
  for (const auto& [level, data] : curve.levels()) {
    if (level > top || data.blocks.empty()) continue;
    rates.of[level] = rate_of(data.blocks, goal == Goal::goodput ? good_calls : ok_calls);
    highest = std::max(highest, rates.of[level].value);
  }
  for (const auto& [level, rate] : rates.of)
    if (rates.best == 0 && rate.value >= as_good * highest) rates.best = level;
  return rates;
}

LevelInterval interval_of(const Rates& rates, double share, std::size_t lowest) {
  LevelInterval knee{.low = lowest, .beyond = {}};
  for (const auto& [level, rate] : rates.of)
    if (level < rates.best && rates.reaches(level, share) == false) knee.low = level + 1;
  for (const auto& [level, rate] : rates.of)
    if (level >= *knee.low && !knee.beyond && rates.reaches(level, share) == true)
      knee.beyond = level + 1;
  return knee;
}

/// The next level that would tell more; nothing when enough is known.
std::optional<std::size_t> next_level(const Rates& rates, double share, const Range& range) {
  constexpr double flat = 1.03, peak_step = 1.5, narrow = 1.12;
  if (rates.of.empty()) return range.low;
  const auto middle = [](std::size_t a, std::size_t b) {
    return static_cast<std::size_t>(std::sqrt(static_cast<double>(a) * static_cast<double>(b)) +
                                    0.5);
  };
  // Upwards, until it no longer pays.
  const auto last = std::prev(rates.of.end());
  const bool pays =
      last == rates.of.begin() || last->second.value > flat * std::prev(last)->second.value;
  if (pays && last->first < range.high) return std::min(2 * last->first, range.high);
  // Around the highest one.
  const auto best = rates.of.find(rates.best);
  const auto apart = [&](std::size_t a, std::size_t b, double ratio) {
    return b > a + 1 && static_cast<double>(b) > ratio * static_cast<double>(a);
  };
  if (best->second.degrees + 1 < knee_blocks) return rates.best;
  if (const auto after = std::next(best); after != rates.of.end() &&
                                          after->second.value < best->second.value / flat &&
                                          apart(best->first, after->first, peak_step))
    return middle(best->first, after->first);
  // Where it has just enough, as far as can be seen; then towards what is proved to have enough.
  std::size_t below = 0, reached = rates.best, proved = rates.best;
  for (const auto& [level, rate] : rates.of)
    if (level < rates.best && rate.value < share * best->second.value) below = level;
  if (below == 0) return {};
  reached = rates.of.upper_bound(below)->first;
  if (apart(below, reached, narrow)) return middle(below, reached);
  for (const auto& [level, rate] : rates.of)
    if (level >= reached && level < proved && rates.reaches(level, share) == true) proved = level;
  for (const auto& [level, rate] : rates.of)
    if (level >= reached && level < proved && rate.degrees + 1 < knee_blocks) return level;
  const std::size_t short_of = std::prev(rates.of.lower_bound(proved))->first;
  if (proved > reached && apart(short_of, proved, narrow)) return middle(short_of, proved);
  return {};
}

}  // namespace

void Search::find_knee() {
  const double share = share_wanted(rules_.goal);
  Range range = rules_.range;
  const bool searched = rules_.goal != Goal::slo;
  if (searched && tuning_.boundary.low) range.high = *tuning_.boundary.low;
  range.high = std::min(range.high, client_limit_ - 1);
  // Without a level that meets the objectives there is none to be recommended either.
  if (searched && !rules_.slos.empty() && !tuning_.boundary.low) return;
  for (std::size_t i = 0; searched && i < most_probes && can_go_on(); ++i) {
    range.high = std::min(range.high, client_limit_ - 1);
    const Rates rates = rates_of(curve_, rules_.goal, range.high);
    const auto level = next_level(rates, share, range);
    if (!level) break;
    const bool upwards = rates.of.empty() || *level > rates.of.rbegin()->first;
    if (!probe(*level, upwards ? first_blocks : knee_blocks, Purpose::knee)) break;
  }
  const Rates rates = rates_of(curve_, rules_.goal, range.high);
  if (rates.of.size() > 1) tuning_.knee = interval_of(rates, share, range.low);
}

}  // namespace atonce::tune
