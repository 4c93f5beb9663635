#include "bench/tune/curve.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace atonce::tune {
namespace {

constexpr double by_chance = 0.1;
/// Far from the boundary calls say nothing of how bad ones cluster near it.
constexpr double near_below = 0.15, near_above = 4;

}  // namespace

Seconds LevelData::measured() const {
  Seconds sum{};
  for (const Block& block : blocks) sum += block.span;
  return sum;
}

double LevelData::rate() const {
  return rate_of(blocks, [](const Block& block) { return static_cast<double>(block.calls); }).value;
}

double LevelData::throughput() const {
  return rate_of(blocks, ok_calls).value;
}

void Curve::add(const Probe& probe) {
  const auto blocks = probe.counted();
  if (blocks.empty()) return;
  LevelData& data = levels_[probe.order.level];
  data.blocks.insert(data.blocks.end(), blocks.begin(), blocks.end());
  if (probe.dropped == 0)
    data.response_time.merge(probe.response_time);
  else
    for (const Block& block : blocks) data.response_time.merge(block.response_time);
  ++data.probes;
  data.stalls += probe.stalls;
}

const LevelData* Curve::find(std::size_t level) const {
  const auto found = levels_.find(level);
  return found == levels_.end() ? nullptr : &found->second;
}

double Curve::excess(const LevelData& data) const {
  double worst = -std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < slos_.size(); ++i)
    worst = std::max(worst, std::log(share_of(data.blocks, i).smooth() / slos_[i].share));
  return worst;
}

bool Curve::looks_bad(const LevelData& data) const {
  for (std::size_t i = 0; i < slos_.size(); ++i)
    if (share_of(data.blocks, i).value() > slos_[i].share &&
        tune::surprise(data.blocks, i, slos_[i].share, 1).above < by_chance)
      return true;
  return false;
}

double Curve::dispersion(std::size_t slo) const {
  double sum = 0, degrees = 0;
  for (const auto& [level, data] : levels_) {
    const double relative = share_of(data.blocks, slo).value() / slos_[slo].share;
    if (relative < near_below || relative > near_above) continue;
    const Dispersion seen = dispersion_of(data.blocks, slo);
    sum += seen.factor * seen.degrees;
    degrees += seen.degrees;
  }
  return degrees > 0 ? std::max(1.0, sum / degrees) : 1.0;
}

Surprise Curve::surprise(const LevelData& data) const {
  Surprise all{.below = 0, .above = 1};
  for (std::size_t i = 0; i < slos_.size(); ++i) {
    const Surprise one = tune::surprise(data.blocks, i, slos_[i].share, dispersion(i));
    all.below = std::max(all.below, one.below);
    all.above = std::min(all.above, one.above);
  }
  all.above = std::min(1.0, all.above * static_cast<double>(slos_.size()));
  return all;
}

std::size_t Curve::stalls() const {
  std::size_t sum = 0;
  for (const auto& [level, data] : levels_) sum += data.stalls;
  return sum;
}

Curve::Bracket Curve::bracket() const {
  Bracket bracket;
  for (const auto& [level, data] : levels_)
    if (!looks_bad(data)) {
      bracket.good = level;
      bracket.bad.reset();
    } else if (!bracket.bad) {
      bracket.bad = level;
    }
  return bracket;
}

}  // namespace atonce::tune
