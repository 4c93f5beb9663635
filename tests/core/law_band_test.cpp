#include "core/law_band.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "core/random.h"

namespace atonce {
namespace {

double order_statistic(const Law& law, std::uint64_t seed, std::size_t rank, std::size_t count) {
  std::vector<double> draws;
  for (std::uint64_t id = 0; id < count; ++id)
    draws.push_back(quantile(law, uniform01(seed, id, Stream::latency)));
  std::ranges::sort(draws);
  return draws[rank - 1];
}

TEST(OrderStatisticBand, holds_its_share_of_samples_and_no_more) {
  const Law law = Exponential{0.004};
  for (const std::size_t rank : {100u, 180u, 199u}) {
    const LawBand band = order_statistic_band(law, rank, 200, 0.1);
    int outside = 0;
    for (std::uint64_t seed = 0; seed < 2000; ++seed) {
      const double value = order_statistic(law, seed, rank, 200);
      outside += value < band.low || value > band.high;
    }
    // 200 are expected; the standard deviation is 13.4.
    EXPECT_NEAR(outside, 200, 54) << rank;
  }
}

TEST(OrderStatisticBand, of_one_uniform_draw_is_the_middle_of_the_law) {
  const LawBand band = order_statistic_band(Uniform{1, 2}, 1, 1, 0.1);
  EXPECT_NEAR(band.low, 1.05, 1e-9);
  EXPECT_NEAR(band.high, 1.95, 1e-9);
}

TEST(OrderStatisticBand, of_a_fixed_law_is_a_point) {
  const LawBand band = order_statistic_band(Fixed{0.004}, 999, 1000, 1e-9);
  EXPECT_EQ(band.low, 0.004);
  EXPECT_EQ(band.high, 0.004);
}

}  // namespace
}  // namespace atonce
