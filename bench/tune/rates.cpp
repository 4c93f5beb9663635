#include "bench/tune/rates.h"

#include <algorithm>
#include <cmath>

namespace atonce::tune {
namespace {

constexpr double as_good = 0.99;
constexpr double alike = 0.7;  // of the highest: there blocks differ as they do at the knee
constexpr std::size_t far = 4;
constexpr double likely = 2;  // standard errors

}  // namespace

Rates::Rates(const Curve& curve, Of of, std::size_t top) : top_(top) {
  double highest = 0;
  for (const auto& [level, data] : curve.levels()) {
    if (level > top || data.blocks.size() < 2) continue;
    Rate& rate = levels_[level];
    rate = {rate_of(data.blocks, of == Of::ok_calls ? ok_calls : good_calls), data.measured()};
    // Blocks that happen to agree are no more sure than to a call at an end of each.
    rate.error = std::max(rate.error, std::sqrt(rate.degrees + 1) / rate.measured.count());
    highest = std::max(highest, rate.value);
  }
  if (highest <= 0) levels_.clear();
  raise_errors(highest);
  find_best();
}

/// What is high by chance is not sure.
void Rates::find_best() {
  double sure = 0;
  for (const auto& [level, rate] : levels_) {
    if (far * level <= last()) seen_from_ = level;
    if (rate.value - rate.error <= sure) continue;
    sure = rate.value - rate.error;
    reference_ = level;
  }
  for (const auto& [level, rate] : levels_) {
    if (rate.value + likely * rate.error < as_good * sure) continue;
    if (best_ == 0) best_ = level;
    if (level == last()) reference_ = level;
  }
}

bool Rates::is_short(std::size_t level, double share) const {
  const Rate& rate = levels_.at(level);
  return level < reference_ && rate.value + rate.error < share * levels_.at(reference_).value;
}

void Rates::raise_errors(double highest) {
  double sum = 0;
  for (const auto& [level, rate] : levels_) {
    if (rate.value < alike * highest) continue;
    sum += rate.degrees * rate.error * rate.error * rate.measured.count() / rate.value;
    degrees_ += rate.degrees;
  }
  for (auto& [level, rate] : levels_)
    rate.error =
        std::max(rate.error, std::sqrt(sum / degrees_ * rate.value / rate.measured.count()));
}

double Rates::relative(std::size_t level) const {
  return levels_.at(level).value / levels_.at(reference_).value;
}

double Rates::ratio_seen() const {
  return static_cast<double>(last()) / static_cast<double>(seen_from_);
}

std::optional<double> Rates::still_to_come() const {
  if (seen_from_ == 0) return {};
  return std::max(0.0, relative(last()) - relative(seen_from_)) / (ratio_seen() - 1);
}

double Rates::above_zero(const Weights& weights) const {
  double value = 0, variance = 0;
  for (const auto& [level, weight] : weights) {
    const Rate& rate = levels_.at(level);
    value += weight * rate.value;
    variance += weight * weight * rate.error * rate.error;
  }
  return variance > 0 ? t_above(value / std::sqrt(variance), degrees_) : 1;
}

Surprise Rates::surprise(std::size_t level, double share) const {
  if (!levels_.contains(level)) return {};
  const auto apart = [&](const Weights& highest) {
    Weights weights{{level, 1}};
    for (const auto& [at, weight] : highest) weights[at] -= share * weight;
    return weights;
  };
  const auto turned = [](Weights weights) {
    for (auto& [at, weight] : weights) weight = -weight;
    return weights;
  };
  Surprise seen{.below = 1, .above = above_zero(apart({{reference_, 1}}))};
  if (level < best_) seen.below = above_zero(turned(apart({{reference_, 1}})));
  if (!goes_on()) return seen;
  if (seen_from_ == 0) return {.below = seen.below};
  const double more = 1 / (ratio_seen() - 1);
  seen.above = std::max(seen.above, above_zero(apart({{last(), 1 + more}, {seen_from_, -more}})));
  return seen;
}

double Rates::variance() const {
  const Rate& rate = levels_.at(reference_);
  return std::pow(rate.error / rate.value, 2) * rate.measured.count();
}

}  // namespace atonce::tune
