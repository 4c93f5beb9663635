#include "core/block_bootstrap.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/law.h"
#include "core/random.h"

namespace atonce {
namespace {

constexpr Nanos width = std::chrono::milliseconds(100);
constexpr int slices = 160, calls_a_slice = 10, experiments = 150;

double draw(std::uint64_t id) {
  return uniform01(5, id, Stream::service);
}
double draw_normal(std::uint64_t id) {
  return std::log(quantile(Lognormal{0, 1}, draw(id)));
}

void add_call(TimeSeries& series, std::size_t slice, double seconds) {
  TimeSlice& at = series.slices[slice];
  ++at.ok;
  at.response_time =
      merged(at.response_time, {{Histogram::bucket_of(Nanos{std::llround(seconds * 1e9)}), 1}});
}

Histogram calls_of(const TimeSeries& series) {
  Histogram calls;
  for (const auto& slice : series.slices) calls.merge(slice.response_time);
  return calls;
}

BlockBootstrap bootstrap(const TimeSeries& series) {
  return {series, Nanos{}, static_cast<std::int64_t>(series.slices.size()) * series.width};
}

/// Logarithms of response times: a part that all calls of a slice share, AR(1) from slice to slice,
/// and a part of each call's own. Both have variance 1/2.
TimeSeries wandering(std::uint64_t id, double memory) {
  TimeSeries series{.width = width};
  series.slices.resize(slices);
  std::uint64_t next = id * 100'000;
  double shared = draw_normal(next++);
  for (std::size_t slice = 0; slice < slices; ++slice) {
    for (int i = 0; i < calls_a_slice; ++i)
      add_call(series, slice, 0.05 * std::exp((shared + draw_normal(next++)) * std::sqrt(0.5)));
    shared = memory * shared + std::sqrt(1 - memory * memory) * draw_normal(next++);
  }
  return series;
}

/// Calls of 0.7 s, one server, a call a second: waiting time and service (M/D/1, by Lindley's
/// recursion), in slices of 16 s.
TimeSeries queueing(std::uint64_t id, int count) {
  constexpr double service = 0.7, slice_seconds = 16;
  TimeSeries series{.width = std::chrono::seconds(16)};
  double clock = 0, wait = 0;
  for (int i = 0; i < count; ++i) {
    const double gap = -std::log(draw(id * 10'000'000 + static_cast<std::uint64_t>(i)));
    clock += gap;
    wait = std::max(0.0, wait + service - gap);
    const auto slice = static_cast<std::size_t>((clock + wait + service) / slice_seconds);
    if (series.slices.size() <= slice) series.slices.resize(slice + 1);
    add_call(series, slice, wait + service);
  }
  return series;
}

struct Coverage {
  double independent = 0, blocks = 0;
};

template <class Make>
Coverage coverage(double truth, double p, Make make) {
  Coverage held;
  for (std::uint64_t i = 1; i <= experiments; ++i) {
    const TimeSeries series = make(i);
    const auto holds = [&](const std::optional<Interval>& interval) {
      return interval && interval->low <= truth && truth <= interval->high ? 1.0 / experiments : 0;
    };
    held.independent += holds(quantile_interval(calls_of(series), p));
    held.blocks += holds(bootstrap(series).quantile(p));
  }
  return held;
}

TEST(BlockBootstrap, holds_the_quantiles_of_a_wandering_run_where_independence_would_mislead) {
  for (const double p : {0.5, 0.9}) {
    const double truth = 0.05e9 * quantile(Lognormal{0, 1}, p);
    const auto held = coverage(truth, p, [](std::uint64_t id) { return wandering(id, 0.5); });
    EXPECT_LT(held.independent, 0.75) << p;
    EXPECT_GE(held.blocks, 0.92) << p;
  }
}

TEST(BlockBootstrap, holds_the_quantiles_of_a_queue_where_independence_would_mislead) {
  const double truth = static_cast<double>(calls_of(queueing(0, 1'000'000)).quantile(0.9).count());
  const auto held = coverage(truth, 0.9, [](std::uint64_t id) { return queueing(id, 4000); });
  EXPECT_LT(held.independent, 0.75);
  EXPECT_GE(held.blocks, 0.92);
}

TEST(BlockBootstrap, holds_the_rate) {
  int held = 0;
  for (std::uint64_t i = 1; i <= experiments; ++i) {
    const TimeSeries series = queueing(i, 4000);
    const double seconds = 16.0 * static_cast<double>(series.slices.size());
    const auto interval = bootstrap(series).rate(4000 / seconds);
    ASSERT_TRUE(interval);
    held += interval->low <= 1 && 1 <= interval->high;
  }
  EXPECT_GE(held, experiments * 92 / 100);
  EXPECT_LE(held, experiments * 99 / 100);
}

TEST(BlockBootstrap, is_never_narrower_than_independence_would_have_it) {
  const TimeSeries series = wandering(3, 0);
  for (const double p : {0.5, 0.9, 0.99}) {
    const auto blocks = bootstrap(series).quantile(p);
    const auto independent = quantile_interval(calls_of(series), p);
    ASSERT_TRUE(blocks && independent);
    EXPECT_LE(blocks->low, independent->low);
    EXPECT_GE(blocks->high, independent->high);
    EXPECT_EQ(blocks->method, IntervalMethod::block_bootstrap);
    EXPECT_EQ(blocks->of, static_cast<std::size_t>(slices));
  }
}

TEST(BlockBootstrap, leaves_out_the_warm_up_and_what_ended_after_the_run) {
  TimeSeries series{.width = width};
  series.slices.resize(30);
  for (std::size_t i = 0; i < 30; ++i)
    for (int call = 0; call < 20; ++call) add_call(series, i, i < 10 ? 5 : 0.05);
  const BlockBootstrap measured(series, 9 * width + Nanos{1}, 29 * width + width / 2);
  EXPECT_LT(measured.quantile(0.9)->high, 51e6);
  EXPECT_EQ(measured.quantile(0.9)->of, 20u);
  const auto rate = measured.rate(205);
  EXPECT_LE(rate->low, 205);
  EXPECT_GE(rate->high, 205);
}

TEST(BlockBootstrap, says_nothing_of_fewer_than_ten_slices) {
  TimeSeries series = wandering(1, 0);
  series.slices.resize(9);
  EXPECT_FALSE(bootstrap(series).quantile(0.5));
  EXPECT_FALSE(bootstrap(series).rate(100));
  EXPECT_FALSE(BlockBootstrap(TimeSeries{}, Nanos{}, Nanos{5}).quantile(0.5));
  series.slices.resize(10);
  EXPECT_TRUE(bootstrap(series).quantile(0.5));
}

TEST(BlockBootstrap, gives_the_same_interval_again) {
  const TimeSeries series = wandering(2, 0.5);
  EXPECT_EQ(bootstrap(series).quantile(0.9)->high, bootstrap(series).quantile(0.9)->high);
}

TEST(BlockBootstrap, takes_thousands_of_slices) {
  TimeSeries series = wandering(4, 0.5);
  for (int i = 0; i < 5; ++i)
    series.slices.insert(series.slices.end(), series.slices.begin(), series.slices.begin() + 160);
  EXPECT_EQ(bootstrap(series).quantile(0.5)->of, 240u);
}

}  // namespace
}  // namespace atonce
