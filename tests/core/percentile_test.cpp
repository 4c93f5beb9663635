#include "core/percentile.h"

#include <gtest/gtest.h>

#include <cmath>

namespace atonce {
namespace {

TEST(Percentile, needs_as_many_samples_as_are_usually_quoted) {
  EXPECT_EQ(samples_needed(0.5), 7u);
  EXPECT_EQ(samples_needed(0.99), 459u);
  EXPECT_EQ(samples_needed(0.999), 4603u);
}

TEST(Percentile, one_sample_less_would_leave_more_doubt_than_one_percent) {
  for (const double p : {0.5, 0.9, 0.95, 0.99, 0.999, 0.9999}) {
    const auto needed = static_cast<double>(samples_needed(p));
    EXPECT_LE(std::pow(p, needed), 0.01) << p;
    EXPECT_GT(std::pow(p, needed - 1), 0.01) << p;
  }
}

}  // namespace
}  // namespace atonce
