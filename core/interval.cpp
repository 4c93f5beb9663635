#include "core/interval.h"

#include <algorithm>
#include <array>
#include <boost/math/distributions/binomial.hpp>
#include <cmath>
#include <cstdint>

#include "core/distributions.h"

namespace atonce {
namespace {

namespace math = boost::math;

constexpr double tail = 0.025;
constexpr std::size_t fewest_for_ranks = 6;  // of a median: 1 - 2 * 0.5^6 = 96.9 %

/// Counted from 1.
struct Ranks {
  std::uint64_t low = 0, high = 0;
};

/// X(low) <= quantile < X(high) when at least `low` and fewer than `high` values lie up to it.
/// Boost rounds the lower quantile of the count down and the upper one up, so neither tail holds
/// more than 2.5 %.
std::optional<Ranks> ranks_around(std::uint64_t count, double p) {
  if (count == 0) return {};
  const auto n = static_cast<double>(count);
  const math::binomial below(n, p);
  if (math::cdf(below, 0) > tail || math::cdf(below, n - 1) < 1 - tail) return {};
  return Ranks{static_cast<std::uint64_t>(math::quantile(below, tail)) + 1,
               static_cast<std::uint64_t>(math::quantile(math::complement(below, tail))) + 1};
}

Interval ranked(const std::vector<double>& sorted, const Ranks& ranks) {
  return {sorted[ranks.low - 1], sorted[ranks.high - 1], IntervalMethod::median_ranks,
          sorted.size()};
}

Interval log_t(const std::vector<double>& values) {
  const auto count = static_cast<double>(values.size());
  double mean = 0, squares = 0;
  for (const double value : values) mean += std::log(value) / count;
  for (const double value : values) squares += (std::log(value) - mean) * (std::log(value) - mean);
  const double half_width = t_at(tail, count - 1) * std::sqrt(squares / (count - 1) / count);
  return {std::exp(mean - half_width), std::exp(mean + half_width), IntervalMethod::log_t,
          values.size()};
}

}  // namespace

std::string_view name(IntervalMethod method) {
  static constexpr std::array<std::string_view, 4> names{"order_statistics", "block_bootstrap",
                                                         "median_ranks", "log_t"};
  return names[static_cast<std::size_t>(method)];
}

std::optional<Interval> quantile_interval(const Histogram& values, double p) {
  const auto ranks = ranks_around(values.count(), p);
  if (!ranks) return {};
  const auto bucket_at = [&](std::uint64_t rank) {
    const double share = static_cast<double>(rank) / static_cast<double>(values.count());
    return Histogram::bucket_of(values.quantile(share));
  };
  const auto low = bucket_at(ranks->low), high = bucket_at(ranks->high);
  const Nanos low_edge = std::max(Histogram::bucket_low(low), values.min());
  const Nanos high_edge =
      std::min(Histogram::bucket_low(high) + Histogram::bucket_width(high), values.max());
  return Interval{static_cast<double>(low_edge.count()), static_cast<double>(high_edge.count()),
                  IntervalMethod::order_statistics, values.count()};
}

std::optional<Interval> repetition_interval(std::vector<double> values) {
  if (values.size() < 2) return {};
  std::ranges::sort(values);
  if (values.size() >= fewest_for_ranks)
    if (const auto ranks = ranks_around(values.size(), 0.5)) return ranked(values, *ranks);
  if (values.front() <= 0) return {};
  return log_t(values);
}

}  // namespace atonce
