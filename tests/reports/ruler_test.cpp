#include "reports/ruler.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "core/random.h"

namespace atonce {
namespace {

double random(std::uint64_t id, double low, double high) {
  return low * std::pow(high / low, uniform01(3, id, Stream::service));
}

TEST(Ruler, every_axis_holds_its_figures_and_has_few_different_labels) {
  for (const auto unit : {Unit::nanoseconds, Unit::bytes, Unit::per_second, Unit::count})
    for (std::uint64_t i = 0; i < 2000; ++i) {
      const double first = random(3 * i, 1, 1e13), factor = random(3 * i + 1, 1, 1e6);
      const Ruler ruler(unit, {first, first * factor});
      const auto axis = ruler.axis("");
      ASSERT_LT(axis.min, axis.max);
      EXPECT_LE(axis.min, ruler.place(first));
      EXPECT_GE(axis.max, ruler.place(first * factor));
      EXPECT_LE(ruler.place(first), ruler.place(first * factor));
      EXPECT_GE(axis.ticks.size(), 2u) << first << " " << factor;
      EXPECT_LE(axis.ticks.size(), 10u);
      std::set<std::string> labels;
      for (const auto& tick : axis.ticks) {
        EXPECT_GE(tick.at, axis.min);
        EXPECT_LE(tick.at, axis.max);
        EXPECT_TRUE(labels.insert(tick.label).second) << tick.label;
      }
    }
}

TEST(Ruler, is_logarithmic_only_for_a_wide_spread_of_positive_figures) {
  EXPECT_TRUE(Ruler(Unit::nanoseconds, {1, 8}).logarithmic());
  EXPECT_FALSE(Ruler(Unit::nanoseconds, {1, 7.9}).logarithmic());
  EXPECT_FALSE(Ruler(Unit::nanoseconds, {0, 8}).logarithmic());
  EXPECT_FALSE(Ruler(Unit::nanoseconds, {-1, 8}).logarithmic());
}

TEST(Ruler, has_an_axis_even_for_nothing) {
  for (const auto& figures : {std::vector<double>{}, {0.0}, {-5.0}, {0.0, 0.0}}) {
    const auto axis = Ruler(Unit::nanoseconds, figures).axis("");
    EXPECT_LT(axis.min, axis.max);
  }
}

TEST(FormatRound, drops_zeros_at_the_end_only) {
  EXPECT_EQ(format_round(Unit::nanoseconds, 0), "0");
  EXPECT_EQ(format_round(Unit::nanoseconds, 20e6), "20 ms");
  EXPECT_EQ(format_round(Unit::nanoseconds, 2.5e6), "2.5 ms");
  EXPECT_EQ(format_round(Unit::nanoseconds, 100e6), "100 ms");
  EXPECT_EQ(format_round(Unit::per_second, 50000), "50k/s");
}

}  // namespace
}  // namespace atonce
