#include "core/interval.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "core/law.h"
#include "core/random.h"

namespace atonce {
namespace {

double draw(std::uint64_t id) {
  return uniform01(11, id, Stream::service);
}

/// How often the interval of `make(experiment)` holds `truth`.
double coverage(int experiments, double truth,
                const std::function<std::optional<Interval>(std::uint64_t)>& make) {
  int held = 0;
  for (int i = 0; i < experiments; ++i) {
    const auto interval = make(static_cast<std::uint64_t>(i));
    EXPECT_TRUE(interval);
    held += interval && interval->low <= truth && truth <= interval->high;
  }
  return static_cast<double>(held) / experiments;
}

double coverage_of_quantile(std::size_t values, double p) {
  const Law law = Exponential{0.05};
  return coverage(1000, quantile(law, p) * 1e9, [&](std::uint64_t experiment) {
    Histogram histogram;
    for (std::size_t i = 0; i < values; ++i)
      histogram.record(draw(law, draw(experiment * values + i)));
    return quantile_interval(histogram, p);
  });
}

double coverage_of_repetitions(std::size_t repetitions) {
  const Law law = Lognormal{0, 0.2};
  return coverage(4000, 1, [&](std::uint64_t experiment) {
    std::vector<double> values;
    for (std::size_t i = 0; i < repetitions; ++i)
      values.push_back(quantile(law, draw(experiment * repetitions + i)));
    return repetition_interval(values);
  });
}

TEST(QuantileInterval, holds_the_quantile_95_times_in_100) {
  EXPECT_GE(coverage_of_quantile(50, 0.5), 0.94);
  EXPECT_GE(coverage_of_quantile(500, 0.9), 0.94);
  EXPECT_GE(coverage_of_quantile(500, 0.99), 0.94);
}

TEST(QuantileInterval, is_no_wider_than_it_must_be) {
  EXPECT_LE(coverage_of_quantile(500, 0.9), 0.975);
}

TEST(QuantileInterval, of_a_hundred_values_lies_between_the_40th_and_the_61st) {
  Histogram histogram;
  for (int i = 1; i <= 100; ++i) histogram.record(Nanos{i});
  const auto interval = quantile_interval(histogram, 0.5);
  ASSERT_TRUE(interval);
  EXPECT_EQ(interval->low, 40);
  EXPECT_EQ(interval->high, 62) << "the outer edge of the bucket of 61";
  EXPECT_EQ(interval->method, IntervalMethod::order_statistics);
  EXPECT_EQ(interval->of, 100u);
}

TEST(QuantileInterval, of_too_few_values_is_none) {
  Histogram histogram;
  EXPECT_FALSE(quantile_interval(histogram, 0.5));
  histogram.record_n(Nanos{5}, 367);
  EXPECT_FALSE(quantile_interval(histogram, 0.99));
  histogram.record(Nanos{5});
  EXPECT_TRUE(quantile_interval(histogram, 0.99));
}

TEST(RepetitionInterval, holds_the_median_95_times_in_100) {
  for (const std::size_t repetitions : {2u, 3u, 5u, 6u, 9u})
    EXPECT_GE(coverage_of_repetitions(repetitions), 0.94) << repetitions;
}

TEST(RepetitionInterval, of_a_few_is_no_wider_than_it_must_be) {
  for (const std::size_t repetitions : {2u, 3u, 5u})
    EXPECT_LE(coverage_of_repetitions(repetitions), 0.96) << repetitions;
}

TEST(RepetitionInterval, says_how_it_was_made) {
  EXPECT_EQ(repetition_interval({1, 2, 3})->method, IntervalMethod::log_t);
  const auto six = repetition_interval({6, 2, 3, 5, 4, 1});
  EXPECT_EQ(six->method, IntervalMethod::median_ranks);
  EXPECT_EQ(six->low, 1);
  EXPECT_EQ(six->high, 6);
  EXPECT_EQ(six->of, 6u);
}

TEST(RepetitionInterval, needs_two_values_with_a_logarithm) {
  EXPECT_FALSE(repetition_interval({}));
  EXPECT_FALSE(repetition_interval({1}));
  EXPECT_FALSE(repetition_interval({0, 1}));
}

}  // namespace
}  // namespace atonce
