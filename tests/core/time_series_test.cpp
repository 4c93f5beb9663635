#include "core/time_series.h"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

#include "core/random.h"

namespace atonce {
namespace {

constexpr Nanos width = SliceRecorder::first_width;

Instant in_slice(std::int64_t number, Nanos into = Nanos{5}) {
  return from_ns(1000) + number * width + into;
}

SliceRecorder begun() {
  SliceRecorder recorder;
  recorder.begin(from_ns(1000));
  return recorder;
}

std::uint64_t total(const BucketCounts& buckets) {
  return std::accumulate(buckets.begin(), buckets.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const auto& bucket) { return sum + bucket.second; });
}

TEST(TimeSeries, what_ends_in_a_slice_is_counted_there) {
  SliceRecorder recorder = begun();
  recorder.on_in_flight(3);
  recorder.on_call(in_slice(0), true, Nanos{100});
  recorder.on_call(in_slice(0), true, Nanos{100});
  recorder.on_call(in_slice(0), false, Nanos{900});
  recorder.on_attempt(in_slice(0), Nanos{7});
  recorder.on_in_flight(1);
  recorder.on_call(in_slice(3), true, Nanos{200});

  const TimeSeries series = recorder.series();
  ASSERT_EQ(series.slices.size(), 4u);
  EXPECT_EQ(series.width, width);
  EXPECT_EQ(series.slices[0].ok, 2u);
  EXPECT_EQ(series.slices[0].failed, 1u);
  EXPECT_EQ(series.slices[0].peak_in_flight, 3u);
  EXPECT_EQ(series.slices[0].response_time, (BucketCounts{{100, 2}}));
  EXPECT_EQ(series.slices[0].failure_time, (BucketCounts{{Histogram::bucket_of(Nanos{900}), 1}}));
  EXPECT_EQ(series.slices[0].send_lag, (BucketCounts{{7, 1}}));
  EXPECT_EQ(series.slices[1].ok, 0u);
  EXPECT_EQ(series.slices[1].peak_in_flight, 1u) << "it went on all the while";
  EXPECT_EQ(series.slices[3].response_time, (BucketCounts{{200, 1}}));
}

TEST(TimeSeries, a_limit_holds_until_the_next_one) {
  SliceRecorder recorder = begun();
  recorder.on_limit(10);
  recorder.on_call(in_slice(2), true, Nanos{100});
  recorder.on_limit(12);
  recorder.on_limit(11);
  recorder.on_call(in_slice(4), true, Nanos{100});
  const TimeSeries series = recorder.series();
  std::vector<std::size_t> limits;
  for (const TimeSlice& slice : series.slices) limits.push_back(slice.limit);
  EXPECT_EQ(limits, (std::vector<std::size_t>{10, 10, 11, 11, 11}));
  EXPECT_EQ(halved(series).slices[1].limit, 11u);
}

TEST(TimeSeries, what_is_reported_late_counts_in_the_slice_at_hand) {
  SliceRecorder recorder = begun();
  recorder.on_call(in_slice(5), true, Nanos{100});
  recorder.on_call(in_slice(4), true, Nanos{100});
  EXPECT_EQ(recorder.series().slices[5].ok, 2u);
}

TEST(TimeSeries, a_long_run_keeps_every_count_in_wider_slices) {
  SliceRecorder recorder = begun();
  constexpr std::uint64_t calls = 20'000;
  for (std::uint64_t i = 0; i < calls; ++i) {
    const auto response = Nanos{static_cast<std::int64_t>(1e6 * uniform01(1, i, Stream::service))};
    recorder.on_call(in_slice(static_cast<std::int64_t>(i)), i % 10 != 0, response);
  }
  const TimeSeries series = recorder.series();
  EXPECT_EQ(series.width, 8 * width);
  EXPECT_EQ(series.slices.size(), calls / 8);
  std::uint64_t ok = 0, failed = 0, in_buckets = 0;
  for (const TimeSlice& slice : series.slices) {
    ok += slice.ok;
    failed += slice.failed;
    in_buckets += total(slice.response_time);
    EXPECT_EQ(slice.ok + slice.failed, 8u);
  }
  EXPECT_EQ(ok, calls * 9 / 10);
  EXPECT_EQ(failed, calls / 10);
  EXPECT_EQ(in_buckets, ok);
}

TEST(TimeSeries, a_leap_over_hours_costs_no_more_slices_than_any_other) {
  SliceRecorder recorder = begun();
  recorder.on_call(in_slice(0), true, Nanos{1});
  recorder.on_call(from_ns(1000) + std::chrono::hours(24), true, Nanos{2});
  const TimeSeries series = recorder.series();
  EXPECT_LE(series.slices.size(), SliceRecorder::most_slices);
  EXPECT_EQ(series.slices.front().ok, 1u);
  EXPECT_EQ(series.slices.back().ok, 1u);
}

TEST(TimeSeries, halving_adds_neighbours_and_keeps_an_odd_one) {
  const TimeSeries series{.width = Nanos{10},
                          .slices = {{.offered = 1, .ok = 2, .response_time = {{5, 1}, {9, 1}}},
                                     {.offered = 3, .ok = 1, .response_time = {{5, 2}, {7, 1}}},
                                     {.offered = 4, .peak_in_flight = 8}}};
  const TimeSeries wide = halved(series);
  EXPECT_EQ(wide.width, Nanos{20});
  ASSERT_EQ(wide.slices.size(), 2u);
  EXPECT_EQ(wide.slices[0].offered, 4u);
  EXPECT_EQ(wide.slices[0].response_time, (BucketCounts{{5, 3}, {7, 1}, {9, 1}}));
  EXPECT_EQ(wide.slices[1].peak_in_flight, 8u);
}

TEST(TimeSeries, buckets_of_a_slice_become_a_histogram_within_its_error) {
  SliceRecorder recorder = begun();
  Histogram exact;
  for (int i = 1; i <= 1000; ++i) {
    recorder.on_call(in_slice(0), true, Nanos{i * 1000});
    exact.record(Nanos{i * 1000});
  }
  Histogram histogram;
  histogram.merge(recorder.series().slices[0].response_time);
  EXPECT_EQ(histogram.count(), 1000u);
  EXPECT_EQ(histogram.quantile(0.5), exact.quantile(0.5));
  EXPECT_NEAR(histogram.mean(), exact.mean(), exact.mean() * Histogram::relative_error);
}

}  // namespace
}  // namespace atonce
