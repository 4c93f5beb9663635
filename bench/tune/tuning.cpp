#include "bench/tune/tuning.h"

#include <algorithm>
#include <array>

#include "bench/tune/search.h"

namespace atonce::tune {
namespace {

constexpr std::array<std::string_view, flag_count> flag_names{
    "none-in-range", "fails-at-1", "cliff",        "undecided-band", "client-limited",
    "stalls",        "drift",      "non-monotone", "still-growing"};
constexpr std::array<std::string_view, 4> standing_names{"open", "meets", "misses", "undecided"};
constexpr std::array<std::string_view, 5> purposes{"scout", "verdict", "confirm", "knee",
                                                   "outlook"};

/// Beyond the boundary calls take several times as long, or fail, at hardly more load.
bool is_cliff(const Curve& curve, std::size_t low, std::size_t beyond) {
  constexpr double little_more = 1.35, jump = 3, many = 0.2;
  const LevelData *inside = curve.find(low), *outside = curve.find(beyond);
  if (static_cast<double>(beyond) >
      std::max(little_more * static_cast<double>(low), static_cast<double>(low + 1)))
    return false;
  const auto time = [](const LevelData& data) { return data.response_time.mean(); };
  if (outside->response_time.empty()) return true;
  const auto failed = [](const LevelData& data) { return 1 - data.throughput() / data.rate(); };
  return time(*outside) > jump * time(*inside) ||
         outside->throughput() * jump < inside->throughput() ||
         (failed(*outside) > many && failed(*outside) > jump * failed(*inside));
}

/// What is proved is as close as it gets: whatever cut the search off, there was no need of more.
bool is_cut(const Tuning& tuning, const LevelInterval& found) {
  return tuning.end != End::decided && found.low && found.beyond && !is_narrow(tuning.rules, found);
}

}  // namespace

std::string_view name(Purpose purpose) {
  return purposes[static_cast<std::size_t>(purpose)];
}

std::string_view name(Flag flag, const Range& range) {
  if (flag == Flag::fails_at_lowest && range.low > 1) return "fails-at-lowest";
  return flag_names[static_cast<std::size_t>(flag)];
}

std::string_view name(Standing standing) {
  return standing_names[static_cast<std::size_t>(standing)];
}

bool is_narrow(const Rules& rules, const LevelInterval& interval) {
  const auto& [low, beyond] = interval;
  if (!low || !beyond) return false;
  const auto width = static_cast<double>(*beyond - *low);
  return width <= 1 || width <= rules.most_width * static_cast<double>(*beyond);
}

bool ends_at_client(const Tuning& tuning) {
  return !tuning.boundary.beyond &&
         is_narrow(tuning.rules, {.low = tuning.boundary.low, .beyond = tuning.client_limit});
}

std::size_t highest_probed(const Tuning& tuning) {
  std::size_t highest = 0;
  for (const Probe& probe : tuning.probes)
    if (!probe.counted().empty()) highest = std::max(highest, probe.order.level);
  return highest;
}

bool knee_is_beyond_client(const Tuning& tuning) {
  const bool is_known = tuning.knee && tuning.knee->beyond;
  const std::size_t highest = highest_probed(tuning);
  if (tuning.rules.goal == Goal::slo || is_known || tuning.boundary.beyond || highest == 0 ||
      !tuning.client_limit || tuning.end != End::decided)
    return false;
  return static_cast<double>(*tuning.client_limit) <=
         std::max(near_client * static_cast<double>(highest), static_cast<double>(highest + 1));
}

bool has_low(const Tuning& tuning) {
  return tuning.boundary.low || tuning.boundary.beyond == tuning.rules.range.low;
}

bool has_high(const Tuning& tuning) {
  const auto& [low, beyond] = tuning.boundary;
  return beyond || low == tuning.rules.range.high || ends_at_client(tuning);
}

bool is_boundary_open(const Tuning& tuning) {
  if (tuning.rules.slos.empty()) return false;
  return !has_low(tuning) || !has_high(tuning) || is_cut(tuning, tuning.boundary);
}

bool is_knee_open(const Tuning& tuning) {
  const bool nothing_meets = !tuning.rules.slos.empty() && !tuning.boundary.low;
  if (tuning.rules.goal == Goal::slo || nothing_meets || knee_is_beyond_client(tuning))
    return false;
  return !tuning.knee || !tuning.knee->beyond || is_cut(tuning, *tuning.knee);
}

std::optional<std::size_t> recommended(const Tuning& tuning) {
  const auto low = tuning.boundary.low;
  if (tuning.rules.goal == Goal::slo) return low;
  if (!tuning.rules.slos.empty() && !low) return {};
  if (tuning.knee && tuning.knee->beyond) return *tuning.knee->beyond - 1;
  // Of those that the client can reach, none has been seen to be too much.
  if (!low && knee_is_beyond_client(tuning)) return highest_probed(tuning);
  return low;
}

void Search::set_flags() {
  auto& flags = tuning_.flags;
  const auto& [low, beyond] = tuning_.boundary;
  if (curve_.stalls() > 0) flags.insert(Flag::stalls);
  for (const auto& [level, standing] : standings_) {
    if (low && level < *low && standing == Standing::misses) flags.insert(Flag::non_monotone);
    const bool inside = (!low || level > *low) && (!beyond || level < *beyond);
    if (inside && standing == Standing::undecided) flags.insert(Flag::undecided_band);
  }
  if (low && beyond && is_cliff(curve_, *low, *beyond)) flags.insert(Flag::cliff);
  if (low == rules_.range.high) flags.insert(Flag::none_in_range);
  if (!low && beyond == rules_.range.low) flags.insert(Flag::fails_at_lowest);
  if (ends_at_client(tuning_) || knee_is_beyond_client(tuning_) || is_client_too_slow())
    flags.insert(Flag::client_limited);
  tuning_.is_open = is_open();
  if (tuning_.is_open) flags.insert(Flag::undecided_band);
}

bool Search::is_open() const {
  return !is_client_too_slow() && (is_boundary_open(tuning_) || is_knee_open(tuning_));
}

}  // namespace atonce::tune
