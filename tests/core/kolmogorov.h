#pragma once
/// The test of Kolmogorov and Smirnov.

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

namespace atonce {

/// The largest distance between the sample's distribution function and `cdf`, times the square root
/// of its size: above 1.95 once in a thousand samples that do follow `cdf`.
inline double kolmogorov_distance(std::vector<double> sample,
                                  const std::function<double(double)>& cdf) {
  std::ranges::sort(sample);
  const auto size = static_cast<double>(sample.size());
  double distance = 0;
  for (std::size_t i = 0; i < sample.size(); ++i) {
    const auto below = static_cast<double>(i);
    const double expected = cdf(sample[i]);
    distance = std::max(
        {distance, std::abs(expected - below / size), std::abs(expected - (below + 1) / size)});
  }
  return distance * std::sqrt(size);
}

inline constexpr double once_in_a_thousand = 1.95;

}  // namespace atonce
