#include <algorithm>
#include <cmath>

#include "bench/tune/search.h"

/// The part of a search that looks for the lowest level with nearly the highest throughput.
namespace atonce::tune {
namespace {

constexpr std::size_t first_blocks = 3, fewest_blocks = 8, most_blocks = 64, blocks_again = 6;
constexpr int most_probes = 24;
constexpr std::size_t most_looks = 3;
constexpr std::size_t growth = 4;
constexpr double flat = 0.03;    // a difference that is none
constexpr double little = 0.02;  // to come, as a share of the highest
constexpr double peak_step = 1.5, flat_step = 2.1, narrow = 1.2;
constexpr double above_knee = 1.2, below_knee = 1.12;  // where levels are likely to be told apart
constexpr double as_good_as_the_same = 0.04;           // of ln(level)
constexpr double usual_distance = 0.75;  // of what lies between the share wanted and all
constexpr double least_of_last = 0.25;   // of the time, for what the last level is seen from
/// So many standard errors apart levels are usually told apart.
constexpr double deviations = 3.2;

std::size_t middle(std::size_t a, std::size_t b) {
  return static_cast<std::size_t>(std::sqrt(static_cast<double>(a) * static_cast<double>(b)) + 0.5);
}

bool is_apart(std::size_t a, std::size_t b, double ratio) {
  return b > a + 1 && static_cast<double>(b) > ratio * static_cast<double>(a);
}

/// 0 where there is none.
std::size_t highest_short(const Rates& rates, double share) {
  std::size_t below = 0;
  for (const auto& [level, rate] : rates.levels())
    if (rates.is_short(level, share)) below = level;
  return below;
}

/// Between levels on either side of the highest throughput there may be a higher one.
std::optional<std::size_t> near_peak(const Rates& rates) {
  const auto& levels = rates.levels();
  const auto peak = levels.find(rates.falls() ? rates.reference() : rates.best());
  if (const auto next = std::next(peak); next != levels.end()) {
    // Three that are alike are a plateau: no peak hides between them.
    const auto after = std::next(next);
    const auto is_alike = [&](auto at) { return std::abs(rates.relative(at->first) - 1) < flat; };
    const bool plateau = after != levels.end() && is_alike(next) && is_alike(after) &&
                         !is_apart(peak->first, next->first, flat_step);
    if (!plateau && is_apart(peak->first, next->first, peak_step))
      return middle(peak->first, next->first);
  }
  if (!rates.falls() || peak == levels.begin()) return {};
  const std::size_t before = std::prev(peak)->first;
  return is_apart(before, peak->first, peak_step) ? std::optional(middle(before, peak->first))
                                                  : std::nullopt;
}

/// Where throughput most likely passes that share of the highest: evenly on the logarithm of the
/// level between two that were probed.
double level_with(const Rates& rates, double share) {
  const std::size_t below = highest_short(rates, share);
  if (below == 0) return static_cast<double>(rates.levels().begin()->first);
  const std::size_t above = rates.levels().upper_bound(below)->first;
  const double a = std::log(static_cast<double>(below)), b = std::log(static_cast<double>(above));
  const double low = rates.relative(below), high = rates.relative(above);
  const double part = high > share ? (share - low) / (high - low) : 1;
  return std::exp(a + (b - a) * part);
}

/// How long two levels have to be measured to be told apart by that share of their throughput.
Seconds seconds_to_tell(const Rates& rates, double share, double apart) {
  return Seconds(std::pow(deviations / apart, 2) * (1 + share * share) * rates.variance());
}

}  // namespace

Rates Search::rates() const {
  const bool among_good = rules_.goal != Goal::slo && tuning_.boundary.low;
  return Rates(curve_, rules_.goal == Goal::goodput ? Rates::Of::good_calls : Rates::Of::ok_calls,
               among_good ? *tuning_.boundary.low : rules_.range.high);
}

std::optional<std::size_t> Search::higher(const Rates& rates) const {
  if (rates.levels().empty()) return rules_.range.low;
  const std::size_t last = rates.last();
  std::size_t top = reachable();
  if (tuning_.boundary.low) top = std::min(top, *tuning_.boundary.low);
  if (last >= top || rates.falls()) return {};
  if (const auto more = rates.still_to_come(); more && *more < little) return {};
  if (growth * last < top || !tuning_.client_limit) return std::min(growth * last, top);
  // Just below the limit of the client it is likely to be at it again.
  return is_apart(last, top + 1, near_client) ? std::optional(middle(last, top)) : std::nullopt;
}

std::optional<std::size_t> Search::closer(const Rates& rates) const {
  if (const auto level = near_peak(rates)) return level;
  const std::size_t below = highest_short(rates, share_of_highest(rules_.goal));
  // What was known below may have been dropped.
  if (below == 0 && !rates.levels().contains(rules_.range.low)) return rules_.range.low;
  if (below == 0) return {};
  const std::size_t above = rates.levels().upper_bound(below)->first;
  return is_apart(below, above, narrow) ? std::optional(middle(below, above)) : std::nullopt;
}

Search::Telling Search::telling(const Rates& rates, std::size_t look) const {
  const double knee = level_with(rates, share_of_highest(rules_.goal));
  const double further = static_cast<double>(look + 1);
  const auto probed = [&](double level) {
    const auto whole = static_cast<std::size_t>(std::max(1.0, std::round(level)));
    for (const auto& [at, rate] : rates.levels())
      if (std::abs(std::log(level / static_cast<double>(at))) < as_good_as_the_same) return at;
    return std::clamp(whole, rates.levels().begin()->first, rates.last());
  };
  const bool is_lowest = knee <= static_cast<double>(rates.levels().begin()->first);
  Telling levels{.scale = {rates.reference()}, .told = {}};
  if (rates.falls()) levels.scale.push_back(rates.levels().upper_bound(rates.reference())->first);
  if (rates.goes_on() && rates.seen_from() > 0) levels.scale.push_back(rates.seen_from());
  levels.told.push_back(
      probed(is_lowest ? knee : std::max(knee * std::pow(above_knee, further), knee + 1)));
  if (!is_lowest)
    levels.told.push_back(probed(std::min(knee / std::pow(below_knee, further), knee - 1)));
  return levels;
}

/// False when nothing was measured.
bool Search::measure(const Telling& levels, std::size_t look) {
  const double share = share_of_highest(rules_.goal);
  const std::size_t before = changes_, count = levels.scale.size() + levels.told.size();
  const Seconds needed =
      static_cast<double>(look + 1) * seconds_to_tell(rates(), share, usual_distance * (1 - share));
  bool measured = false;
  for (std::size_t i = 0; i < count && can_go_on() && changes_ == before; ++i) {
    // First what the others are held against, and anew: it may have changed since the climb.
    const bool is_scale = i < levels.scale.size();
    const std::size_t level = is_scale ? levels.scale[i] : levels.told[i - levels.scale.size()];
    const LevelData* known = curve_.find(level);
    const Seconds have = known == nullptr ? Seconds{} : known->measured();
    const Seconds wanted = (is_scale && i > 0 ? least_of_last : 1) * needed;
    const ProbeOrder one = order_of(level, 1, Purpose::knee);
    // Those that follow have a part of the time too, and the confirmations.
    const Seconds kept = 2 * cost_of(order_of(level, blocks_again, Purpose::knee));
    const Seconds left = (until_ - target_.elapsed() - kept) / static_cast<double>(count - i);
    const double most = std::floor((left - cost_of(one)) / one.block) + 1;
    const std::size_t least = known == nullptr        ? fewest_blocks
                              : is_scale && look == 0 ? blocks_again
                                                      : 0;
    const double blocks =
        std::min({std::max(std::ceil((wanted - have) / one.block), static_cast<double>(least)),
                  most, static_cast<double>(most_blocks)});
    if (blocks < first_blocks) continue;
    measured |= probe(level, static_cast<std::size_t>(blocks), Purpose::knee);
  }
  return measured;
}

void Search::weigh_knee(const Rates& rates, std::size_t level) {
  Standing& now = knee_standings_[level];
  if (!rates.levels().contains(level)) return;
  const double share = share_of_highest(rules_.goal);
  const Surprise seen = rates.surprise(level, share);
  // What more blocks contradict is open again.
  if ((now == Standing::meets ? seen.above : seen.below) > rules_.error / 2) now = Standing::open;
  if (now != Standing::open) return;
  const Standing kind = rates.relative(level) >= share ? Standing::meets : Standing::misses;
  knee_allowance_.seek(level, kind);
  const double p = kind == Standing::meets ? seen.above : seen.below;
  if (p <= knee_allowance_.spend(level, kind, true)) now = kind;
}

void Search::climb() {
  const std::size_t before = changes_;
  for (int i = 0; i < most_probes && can_go_on() && changes_ == before; ++i) {
    const Rates seen = rates();
    auto level = higher(seen);
    if (!level && !seen.levels().empty()) level = closer(seen);
    if (!level || is_client_too_slow()) break;
    probe(*level, first_blocks, Purpose::knee);
  }
}

void Search::tell_apart() {
  const std::size_t before = changes_;
  for (std::size_t look = 0; look < most_looks && can_go_on() && changes_ == before; ++look) {
    if (rates().levels().empty()) return;
    const Telling levels = telling(rates(), look);
    if (!measure(levels, look)) break;
    const Rates seen = rates();
    bool all_told = true;
    for (const std::size_t level : levels.told) {
      weigh_knee(seen, level);
      all_told &= knee_standings_[level] != Standing::open;
    }
    if (all_told) break;
  }
}

void Search::find_knee() {
  if (is_client_too_slow()) return;
  const bool is_sought = rules_.goal != Goal::slo;
  // Without a level that meets the objectives there is none to be recommended either.
  if (is_sought && !rules_.slos.empty() && !tuning_.boundary.low) return;
  const std::size_t before = changes_;
  if (is_sought) climb();
  if (is_sought && changes_ == before) tell_apart();
  settle_knee();
  if (!is_sought || changes_ != before) return;
  while (changes_ == before && confirm_knee()) settle_knee();
}

/// A level that the interval rests on, if there is time. False when there is none.
bool Search::confirm_knee() {
  if (!tuning_.knee) return false;
  const auto first = std::ranges::find_if(tuning_.probes, [&](const Probe& probe) {
    return probe.order.level == rates().reference() && !probe.counted().empty();
  });
  const auto since = static_cast<std::size_t>(first - tuning_.probes.begin());
  const auto [low, beyond] = *tuning_.knee;
  for (const std::size_t level : {low.value_or(1) - 1, beyond.value_or(1) - 1}) {
    if (level < rules_.range.low || curve_.find(level) == nullptr) continue;
    if (is_to_be_confirmed(level, since) && fits(order_of(level, blocks_again, Purpose::knee)))
      return probe(level, blocks_again, Purpose::knee);
  }
  return false;
}

/// With what is left of the error, those nearest to the knee first.
void Search::settle_knee() {
  tuning_.knee.reset();
  const Rates seen = rates();
  if (seen.levels().size() < 2) return;
  for (const auto& [level, standing] : knee_standings_)
    if (standing != Standing::open) weigh_knee(seen, level);
  const double share = share_of_highest(rules_.goal);
  std::vector<std::size_t> enough, short_of;
  for (const auto& [level, rate] : seen.levels())
    if (seen.relative(level) >= share)
      enough.push_back(level);
    else if (level < seen.best())
      short_of.push_back(level);
  std::ranges::reverse(short_of);
  for (const auto* levels : {&enough, &short_of})
    for (const std::size_t level : *levels) {
      weigh_knee(seen, level);
      if (knee_standings_[level] != Standing::open) break;
    }
  LevelInterval knee{.low = rules_.range.low, .beyond = {}};
  for (const auto& [level, standing] : knee_standings_) {
    if (standing == Standing::meets && !knee.beyond) knee.beyond = level + 1;
    if (standing == Standing::misses && !knee.beyond) knee.low = level + 1;
  }
  if (seen.last() == rules_.range.high && seen.still_to_come().value_or(1) > little) {
    if (rules_.goal == Goal::slo)
      knee.beyond.reset();  // nobody asked for that of the range
    else
      tuning_.flags.insert(Flag::still_growing);
  }
  tuning_.knee = knee;
}

}  // namespace atonce::tune
