#include "bench/tune/statistics.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace atonce::tune {
namespace {

/// Variance of a sum over blocks, from how groups of `together` neighbours are off what is
/// expected.
double sum_variance(std::span<const double> off, std::size_t together) {
  const std::size_t groups = off.size() / together;
  double squares = 0;
  for (std::size_t i = 0; i < groups; ++i) {
    double sum = 0;
    for (const double one : off.subspan(i * together, together)) sum += one;
    squares += sum * sum;
  }
  const auto count = static_cast<double>(groups);
  return squares * count / (count - 1) * static_cast<double>(off.size()) /
         static_cast<double>(groups * together);
}

/// Where a queue outlives a block, neighbours are alike, and pairs of them differ by more.
double sum_variance(std::span<const double> off) {
  constexpr std::size_t fewest_pairs = 4;
  const double alone = sum_variance(off, 1);
  if (off.size() < 2 * fewest_pairs) return alone;
  return std::max(alone, sum_variance(off, 2));
}

double sum_variance(std::span<const Block> blocks, std::size_t slo, double share) {
  std::vector<double> off;
  for (const Block& block : blocks)
    off.push_back(static_cast<double>(block.bad[slo]) - share * static_cast<double>(block.calls));
  return sum_variance(off);
}

}  // namespace

Share share_of(std::span<const Block> blocks, std::size_t slo) {
  Share share;
  for (const Block& block : blocks) {
    share.bad += static_cast<double>(block.bad[slo]);
    share.calls += static_cast<double>(block.calls);
  }
  return share;
}

Dispersion dispersion_of(std::span<const Block> blocks, std::size_t slo) {
  const Share share = share_of(blocks, slo);
  if (blocks.size() < 2 || share.bad < 5 || share.calls - share.bad < 5) return {};
  const double independent = share.calls * share.value() * (1 - share.value());
  return {.factor = sum_variance(blocks, slo, share.value()) / independent,
          .degrees = static_cast<double>(blocks.size() - 1)};
}

Surprise surprise(std::span<const Block> blocks, std::size_t slo, double share, double dispersion) {
  const Share seen = share_of(blocks, slo);
  if (blocks.size() < 2 || seen.calls <= 0) return {};
  const double effective = seen.calls / dispersion, bad = seen.bad / dispersion;
  Surprise by_binomial{.below = binomial_up_to(bad, effective, share),
                       .above = binomial_from(bad, effective, share)};
  if (seen.bad == 0 || seen.bad == seen.calls) return by_binomial;
  const double least = dispersion * seen.calls * share * (1 - share);
  const double variance = std::max(least, sum_variance(blocks, slo, seen.value()));
  const double t = (seen.bad - share * seen.calls) / std::sqrt(variance);
  const auto degrees = static_cast<double>(blocks.size() - 1);
  return {.below = std::max(by_binomial.below, t_above(-t, degrees)),
          .above = std::max(by_binomial.above, t_above(t, degrees))};
}

std::optional<std::size_t> jump_in(std::span<const Block> blocks, std::size_t slo) {
  // The largest sum of independent values exceeds 1.95 in one of a thousand runs (Kolmogorov);
  // twice as much allows for a lag-1 correlation of 0.6.
  constexpr double sure = 3.9;
  constexpr std::size_t fewest = 6;
  if (blocks.size() < fewest) return {};
  const Share mean = share_of(blocks, slo);
  const auto count = static_cast<double>(blocks.size());
  double steps = 0, sum = 0, furthest = 0, before = 0;
  std::size_t at = 0;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const double share = share_of(blocks.subspan(i, 1), slo).value();
    if (i > 0) steps += (share - before) * (share - before) / (2 * (count - 1));
    before = share;
    sum += share - mean.value();
    if (std::abs(sum) <= furthest) continue;
    furthest = std::abs(sum);
    at = i + 1;
  }
  const double independent = mean.smooth() * (1 - mean.smooth()) * count / (mean.calls + 1);
  if (furthest < sure * std::sqrt(std::max(steps, independent) * count)) return {};
  return at;
}

Bounds share_bounds(std::span<const Block> blocks, std::size_t slo, double dispersion,
                    double tail) {
  const double seen = share_of(blocks, slo).value();
  const auto end = [&](bool upper) {
    double inside = seen, outside = upper ? 1 : 0;
    for (int step = 0; step < 40; ++step) {
      const double middle = (inside + outside) / 2;
      const Surprise at = surprise(blocks, slo, middle, dispersion);
      ((upper ? at.below : at.above) < tail ? outside : inside) = middle;
    }
    return outside;
  };
  return {.low = end(false), .high = end(true)};
}

Mean rate_of(std::span<const Block> blocks, double (*value)(const Block& block)) {
  Mean mean;
  const auto count = static_cast<double>(blocks.size());
  for (const Block& block : blocks) mean.value += value(block) / block.span.count() / count;
  mean.degrees = std::max(0.0, count - 1);
  if (blocks.size() < 2) return mean;
  std::vector<double> off;
  for (const Block& block : blocks) off.push_back(value(block) / block.span.count() - mean.value);
  mean.error = std::sqrt(sum_variance(off)) / count;
  return mean;
}

double ok_calls(const Block& block) {
  return static_cast<double>(block.calls - block.failed);
}

double good_calls(const Block& block) {
  const auto worst = block.bad.empty() ? block.failed : std::ranges::max(block.bad);
  return static_cast<double>(block.calls - std::max(worst, block.failed));
}

namespace {

constexpr std::size_t fewest_to_compare = 3;

bool can_be_compared(std::span<const Block> before, std::span<const Block> now) {
  return std::min(before.size(), now.size()) >= fewest_to_compare;
}

bool is_surprising(double apart, double error, double degrees, double p) {
  return apart > 0 && t_above(apart / error, degrees) < p / 2;
}

}  // namespace

bool differ(std::span<const Block> before, std::span<const Block> now, std::size_t slo,
            double dispersion, double p) {
  const Share old_share = share_of(before, slo), new_share = share_of(now, slo);
  if (!can_be_compared(before, now) || old_share.calls == 0 || new_share.calls == 0) return false;
  const double share =
      (old_share.bad + new_share.bad + 1) / (old_share.calls + new_share.calls + 1);
  const auto variance = [&](std::span<const Block> blocks, const Share& seen) {
    const double factor = std::max(dispersion, dispersion_of(blocks, slo).factor);
    return factor * share * (1 - std::min(share, 0.99)) / seen.calls;
  };
  const double error = std::sqrt(variance(before, old_share) + variance(now, new_share));
  return is_surprising(std::abs(old_share.value() - new_share.value()), error,
                       static_cast<double>(before.size() + now.size() - 2), p);
}

bool rates_differ(std::span<const Block> before, std::span<const Block> now, double p) {
  if (!can_be_compared(before, now)) return false;
  const Mean then = rate_of(before, ok_calls), today = rate_of(now, ok_calls);
  // Never less than that of calls that end independently of each other.
  const auto variance = [](const Mean& mean, std::span<const Block> blocks) {
    Seconds span{};
    for (const Block& block : blocks) span += block.span;
    return std::max(mean.error * mean.error, mean.value / span.count());
  };
  return is_surprising(std::abs(then.value - today.value),
                       std::sqrt(variance(then, before) + variance(today, now)),
                       then.degrees + today.degrees, p);
}

}  // namespace atonce::tune
