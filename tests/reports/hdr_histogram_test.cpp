#include "reports/hdr/hdr_histogram.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <string>

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
  const HdrHistogram theirs(ours);
  EXPECT_EQ(theirs.count(), 1000u);
  EXPECT_NEAR(theirs.mean(), ours.mean(), ours.mean() / 1024);
  EXPECT_NEAR(static_cast<double>(theirs.max()), 1'000'003'000.0, 1e6);
  EXPECT_NEAR(theirs.standard_deviation(), 288.7e6, 0.5e6);
}

using namespace std::string_literals;

/// Cookie, length of the counts, offset, digits, lowest and highest value, ratio 1.0.
std::string header(char length) {
  return "\x1c\x84\x93\x13"s + "\0\0\0"s + length + "\0\0\0\0"s + "\0\0\0\3"s +
         "\0\0\0\0\0\0\0\1"s + "\0\0\x06\x8c\x61\x71\x40\0"s + "\x3f\xf0\0\0\0\0\0\0"s;
}

TEST(HdrHistogram, has_the_payload_that_one_writes_by_hand) {
  // Zigzag: 1 is 2, -1000 zeros are 1999 = 0x7cf, 300 is 600 = 0x258; seven bits a byte.
  EXPECT_EQ(HdrHistogram({{1, 1}}).payload(), header(2) + "\x00\x02"s);
  EXPECT_EQ(HdrHistogram({{1000, 1}}).payload(), header(3) + "\xcf\x0f\x02"s);
  EXPECT_EQ(HdrHistogram({{0, 300}, {3, 1}}).payload(), header(4) + "\xd8\x04\x03\x02"s);
  // Bucket 1536 holds 2048 to 2051 ns: the second half of an octave ends with it, 2049 its middle.
  EXPECT_EQ(HdrHistogram({{1536, 1}}).payload(), header(3) + "\xff\x1f\x02"s);
  EXPECT_EQ(HdrHistogram(BucketCounts()).payload(), header(1) + "\0"s);
}

TEST(HdrHistogram, ninth_byte_of_a_count_holds_eight_bits) {
  EXPECT_EQ(HdrHistogram({{0, std::uint64_t{1} << 62}}).payload(),
            header(9) + "\x80\x80\x80\x80\x80\x80\x80\x80\x80"s);
}

/// What readers of HdrHistogram tell of a value: the end of its bucket.
std::int64_t read_back(std::int64_t value) {
  return hdr::range_of(hdr::index_of(value)).high();
}

TEST(HdrHistogram, values_are_read_back_within_the_error_and_the_greatest_as_it_was) {
  for (std::int64_t value = 1; value < 7'000'000'000'000; value = value * 9 / 8 + 1) {
    const HdrHistogram alone({{Histogram::bucket_of(Nanos{value}), 1}});
    ASSERT_LE(std::abs(alone.max() - value) * 1024, value) << value;
    Histogram known;
    known.record(Nanos{value / 2});
    known.record(Nanos{value});
    ASSERT_EQ(HdrHistogram(known).max(), read_back(value));
  }
}

TEST(HdrHistogram, what_is_beyond_the_highest_counts_as_the_highest) {
  Histogram ours;
  ours.record(std::chrono::hours(5));
  ours.record(std::chrono::hours(3));
  const HdrHistogram theirs(ours);
  EXPECT_EQ(theirs.count(), 2u);
  EXPECT_EQ(theirs.max(), read_back(Histogram::highest.count()));
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
