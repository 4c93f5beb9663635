#include "bench/series.h"

#include <gtest/gtest.h>

#include <atomic>

namespace atonce {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TimeSeries empty_slices(std::size_t count, Nanos width) {
  return {.width = width, .slices = std::vector<TimeSlice>(count)};
}

TEST(Series, slices_become_wider_until_a_report_can_show_them) {
  const TimeSeries shown = presentable(empty_slices(1000, milliseconds{10}));
  EXPECT_EQ(shown.slices.size(), 250u);
  EXPECT_EQ(shown.width, milliseconds{40});
  EXPECT_EQ(presentable(empty_slices(1000, seconds{1})).slices.size(), 1000u)
      << "never wider than a second";
}

TEST(Series, calls_are_offered_when_their_session_is_due) {
  Schedule schedule;
  schedule.plans = {{.stages = {{.name = "a", .calls = {0, 0}, .after = {}}}}};
  for (const int ms : {0, 5, 9, 10, 25, 99}) schedule.arrivals.push_back({.due = milliseconds{ms}});
  TimeSeries series = empty_slices(3, milliseconds{10});
  add_offered(series, schedule);
  EXPECT_EQ(series.slices[0].offered, 6u);
  EXPECT_EQ(series.slices[1].offered, 2u);
  EXPECT_EQ(series.slices[2].offered, 2u);
}

TEST(Series, cpu_time_is_spread_over_the_time_in_which_it_was_used) {
  TimeSeries series = empty_slices(4, milliseconds{50});
  const std::vector<CpuPoint> points{{.at = milliseconds{100}, .cpu = milliseconds{80}},
                                     {.at = milliseconds{150}, .cpu = milliseconds{90}}};
  add_cpu(series, points);
  EXPECT_EQ(series.slices[0].cpu, milliseconds{40});
  EXPECT_EQ(series.slices[1].cpu, milliseconds{40});
  EXPECT_EQ(series.slices[2].cpu, milliseconds{10});
  EXPECT_EQ(series.slices[3].cpu, Nanos{0});
}

TEST(CpuSampler, tells_how_much_this_process_used) {
  std::atomic<std::uint64_t> latest{0};
  CpuSampler sampler({}, -1, latest);
  const Instant until = now() + milliseconds{30};
  while (now() < until) continue;
  const auto points = sampler.stop();
  ASSERT_FALSE(points.empty());
  EXPECT_GT(points.back().cpu, milliseconds{1});
  EXPECT_GE(points.back().at, milliseconds{30});
}

}  // namespace
}  // namespace atonce
