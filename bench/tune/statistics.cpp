#include "bench/tune/statistics.h"

#include <algorithm>
#include <cmath>

namespace atonce::tune {
namespace {

/// Variance of the sum of bad calls, from how groups of `together` neighbouring blocks differ.
double sum_variance(std::span<const Block> blocks, std::size_t slo, double share,
                    std::size_t together) {
  const std::size_t groups = blocks.size() / together;
  double squares = 0;
  for (std::size_t i = 0; i < groups; ++i) {
    double off = 0;
    for (const Block& block : blocks.subspan(i * together, together))
      off += static_cast<double>(block.bad[slo]) - share * static_cast<double>(block.calls);
    squares += off * off;
  }
  const auto count = static_cast<double>(groups);
  return squares * count / (count - 1) * static_cast<double>(blocks.size()) /
         static_cast<double>(groups * together);
}

/// Where a queue outlives a block, neighbours are alike, and pairs of them differ by more.
double sum_variance(std::span<const Block> blocks, std::size_t slo, double share) {
  constexpr std::size_t fewest_pairs = 4;
  const double alone = sum_variance(blocks, slo, share, 1);
  if (blocks.size() < 2 * fewest_pairs) return alone;
  return std::max(alone, sum_variance(blocks, slo, share, 2));
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
  double squares = 0;
  for (const Block& block : blocks) {
    const double off = value(block) / block.span.count() - mean.value;
    squares += off * off;
  }
  mean.degrees = count - 1;
  mean.error = count > 1 ? std::sqrt(squares / (count - 1) / count) : 0;
  return mean;
}

}  // namespace atonce::tune
