#include "reports/hdr/hdr_histogram.h"

#include <gtest/gtest.h>

#include "reports/hdr/hdr_layout.h"

namespace atonce {
namespace {

TEST(HdrLayout, follows_on_without_gaps_and_every_value_lies_in_its_range) {
  std::int64_t next = 0;
  for (std::size_t i = 0; i < 20 * 1024; ++i) {
    const hdr::Range range = hdr::range_of(i);
    ASSERT_EQ(range.low, next);
    ASSERT_EQ(hdr::index_of(range.low), i);
    ASSERT_EQ(hdr::index_of(range.high()), i);
    next = range.low + range.width;
  }
}

TEST(HdrLayout, keeps_three_digits) {
  for (std::int64_t value = 1; value < 7'200'000'000'000; value = value * 9 / 8 + 1) {
    const hdr::Range range = hdr::range_of(hdr::index_of(value));
    EXPECT_LE(range.width * 1000, std::max<std::int64_t>(value, 1000));
  }
}

TEST(HdrHistogram, counts_what_our_buckets_count_within_their_error) {
  Histogram ours;
  for (int i = 1; i <= 1000; ++i) ours.record(Nanos{i * 1'000'003});
  const HdrHistogram theirs(ours.buckets());
  EXPECT_EQ(theirs.count(), 1000u);
  EXPECT_NEAR(theirs.mean(), ours.mean(), ours.mean() / 1024);
  EXPECT_NEAR(static_cast<double>(theirs.max()), 1'000'003'000.0, 1e6);
  EXPECT_NEAR(theirs.standard_deviation(), 288.7e6, 0.5e6);
}

TEST(HdrHistogram, is_encoded_as_the_format_says) {
  EXPECT_TRUE(HdrHistogram({{5, 3}}).encoded().starts_with("HISTFAAAA"));
  EXPECT_NE(HdrHistogram({{5, 3}}).encoded(), HdrHistogram({{5, 4}}).encoded());
  EXPECT_NE(HdrHistogram({{5, 3}}).encoded(), HdrHistogram({{6, 3}}).encoded());
}

TEST(HdrHistogram, with_nothing_in_it_is_still_a_histogram) {
  const HdrHistogram empty((BucketCounts()));
  EXPECT_EQ(empty.max(), 0);
  EXPECT_TRUE(empty.encoded().starts_with("HISTFAAAA"));
  EXPECT_NE(empty.percentile_text().find("Total count    =            0"), std::string::npos);
}

}  // namespace
}  // namespace atonce
