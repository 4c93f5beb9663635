#include "core/histogram.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "core/random.h"

namespace atonce {
namespace {

using std::chrono::hours;

/// Spread over all octaves up to `highest`.
Nanos any_duration(std::uint64_t number) {
  const std::uint64_t bits = mix(number);
  return Nanos{static_cast<std::int64_t>(bits >> (22 + number % 42))};
}

Histogram with(std::uint64_t first, std::uint64_t last) {
  Histogram histogram;
  for (std::uint64_t i = first; i < last; ++i) histogram.record(any_duration(i));
  return histogram;
}

Histogram merged(Histogram into, const Histogram& from) {
  into.merge(from);
  return into;
}

TEST(Histogram, empty_one_reports_zero_everywhere) {
  const Histogram histogram;
  EXPECT_TRUE(histogram.empty());
  EXPECT_EQ(histogram.min(), Nanos{0});
  EXPECT_EQ(histogram.max(), Nanos{0});
  EXPECT_EQ(histogram.mean(), 0);
  EXPECT_EQ(histogram.quantile(0.99), Nanos{0});
  EXPECT_EQ(histogram.count_up_to(Nanos::max()), 0u);
  EXPECT_TRUE(histogram.buckets().empty());
}

TEST(Histogram, buckets_cover_all_values_without_gap_or_overlap) {
  for (std::uint32_t i = 0; Histogram::bucket_low(i) < Histogram::highest; ++i) {
    const Nanos low = Histogram::bucket_low(i);
    const Nanos width = Histogram::bucket_width(i);
    ASSERT_EQ(low + width, Histogram::bucket_low(i + 1));
    ASSERT_LE(static_cast<double>(width.count()),
              std::max(1.0, 2 * Histogram::relative_error * static_cast<double>(low.count())));
  }
}

TEST(Histogram, a_value_falls_into_the_bucket_that_contains_it) {
  for (std::uint64_t i = 0; i < 500; ++i) {
    const Nanos value = any_duration(i);
    Histogram histogram;
    histogram.record(value);
    const auto buckets = histogram.buckets();
    ASSERT_EQ(buckets.size(), 1u);
    const std::uint32_t index = buckets.front().first;
    ASSERT_GE(value, Histogram::bucket_low(index));
    ASSERT_LT(value, Histogram::bucket_low(index) + Histogram::bucket_width(index));
  }
}

TEST(Histogram, min_max_and_mean_are_exact) {
  Histogram histogram;
  for (const int value : {1'000'003, 5'000'017, 3'000'001}) histogram.record(Nanos{value});
  EXPECT_EQ(histogram.min(), Nanos{1'000'003});
  EXPECT_EQ(histogram.max(), Nanos{5'000'017});
  EXPECT_DOUBLE_EQ(histogram.mean(), 9'000'021.0 / 3);
}

TEST(Histogram, recording_n_times_equals_recording_once_n_times) {
  Histogram at_once, one_by_one;
  at_once.record_n(Nanos{123'456'789}, 1000);
  for (int i = 0; i < 1000; ++i) one_by_one.record(Nanos{123'456'789});
  EXPECT_EQ(at_once, one_by_one);
  EXPECT_EQ(at_once.count(), 1000u);
  at_once.record_n(Nanos{1}, 0);
  EXPECT_EQ(at_once, one_by_one);
}

TEST(Histogram, merge_equals_recording_both_sets) {
  EXPECT_EQ(merged(with(0, 5000), with(5000, 9000)), with(0, 9000));
}

TEST(Histogram, merge_is_associative_and_commutative) {
  const Histogram a = with(0, 100), b = with(100, 350), c = with(350, 1000);
  EXPECT_EQ(merged(merged(a, b), c), merged(a, merged(b, c)));
  EXPECT_EQ(merged(a, b), merged(b, a));
}

TEST(Histogram, merging_an_empty_one_changes_nothing) {
  const Histogram some = with(0, 100);
  EXPECT_EQ(merged(some, Histogram{}), some);
  EXPECT_EQ(merged(Histogram{}, some), some);
  Histogram reserved;
  reserved.reserve();
  EXPECT_EQ(reserved, Histogram{});
}

TEST(Histogram, stored_form_restores_the_very_histogram) {
  Histogram histogram = with(0, 5000);
  histogram.record(Nanos{-5});
  histogram.record(hours{3});
  EXPECT_EQ(Histogram::restore(histogram.buckets(), histogram.totals()), histogram);
  EXPECT_EQ(Histogram::restore({}, Histogram{}.totals()), Histogram{});
}

TEST(Histogram, a_stored_bucket_beyond_the_last_one_is_refused) {
  const std::vector<std::pair<std::uint32_t, std::uint64_t>> buckets{{1'000'000, 1}};
  EXPECT_THROW(Histogram::restore(buckets, {}), std::invalid_argument);
}

TEST(Histogram, values_beyond_the_highest_are_counted_as_saturated) {
  Histogram histogram;
  histogram.record(Histogram::highest);
  EXPECT_EQ(histogram.saturated(), 0u);
  histogram.record(Histogram::highest + Nanos{1});
  histogram.record(Nanos::max());
  EXPECT_EQ(histogram.saturated(), 2u);
  EXPECT_EQ(histogram.count(), 3u);
  EXPECT_EQ(histogram.max(), Nanos::max());
  EXPECT_DOUBLE_EQ(histogram.mean(), static_cast<double>(Histogram::highest.count()));
}

TEST(Histogram, negative_values_are_counted_as_zero_and_as_negative) {
  Histogram histogram;
  histogram.record(Nanos{-1});
  histogram.record(Nanos::min());
  histogram.record(Nanos{0});
  EXPECT_EQ(histogram.negative(), 2u);
  EXPECT_EQ(histogram.count(), 3u);
  EXPECT_EQ(histogram.min(), Nanos{0});
  EXPECT_EQ(histogram.quantile(1), Nanos{0});
}

TEST(Histogram, count_up_to_counts_whole_buckets_that_end_there) {
  Histogram histogram;
  for (int i = 0; i < 100; ++i) histogram.record(Nanos{i});
  histogram.record(Nanos{2048});  // its bucket is 2048..2051
  histogram.record(Nanos{9000});
  EXPECT_EQ(histogram.count_up_to(Nanos{-1}), 0u);
  EXPECT_EQ(histogram.count_up_to(Nanos{0}), 1u);
  EXPECT_EQ(histogram.count_up_to(Nanos{49}), 50u);
  EXPECT_EQ(histogram.count_up_to(Nanos{2050}), 100u);
  EXPECT_EQ(histogram.count_up_to(Nanos{2051}), 101u);
  EXPECT_EQ(histogram.count_up_to(Nanos{9000}), 102u);
  EXPECT_EQ(histogram.count_up_to(Nanos::max()), 102u);
}

}  // namespace
}  // namespace atonce
