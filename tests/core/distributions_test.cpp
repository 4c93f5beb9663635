#include "core/distributions.h"

#include <gtest/gtest.h>

namespace atonce {
namespace {

TEST(StudentT, is_that_of_the_tables) {
  EXPECT_NEAR(t_at(0.025, 1), 12.706, 0.001);
  EXPECT_NEAR(t_at(0.025, 4), 2.776, 0.001);
  EXPECT_NEAR(t_above(2.776445, 4), 0.025, 1e-6);
}

TEST(Binomial, tails_of_whole_numbers_are_sums) {
  // Ten fair coins: 1, 10 and 45 of 1024 ways.
  EXPECT_NEAR(binomial_up_to(2, 10, 0.5), 56.0 / 1024, 1e-12);
  EXPECT_NEAR(binomial_from(8, 10, 0.5), 56.0 / 1024, 1e-12);
  EXPECT_EQ(binomial_up_to(10, 10, 0.5), 1);
  EXPECT_EQ(binomial_from(0, 10, 0.5), 1);
}

TEST(ClopperPearson, is_that_of_the_tables) {
  EXPECT_NEAR(clopper_pearson(0, 10, 0.025).high, 0.3085, 1e-4);
  EXPECT_NEAR(clopper_pearson(10, 10, 0.025).low, 0.6915, 1e-4);
  EXPECT_NEAR(clopper_pearson(0, 299, 0.05).high, 0.00997, 1e-5);
  EXPECT_NEAR(clopper_pearson(1, 473, 0.05).high, 0.00999, 1e-5);
  EXPECT_NEAR(clopper_pearson(5, 10, 0.05).high, 0.77756, 1e-5);
  EXPECT_EQ(clopper_pearson(0, 10, 0.025).low, 0);
  EXPECT_EQ(clopper_pearson(10, 10, 0.025).high, 1);
}

}  // namespace
}  // namespace atonce
