#include "bench/in_flight_series.h"

#include <gtest/gtest.h>

namespace atonce {
namespace {

constexpr Instant start{Nanos{1'000'000}};

Sample sent_and_done(std::int64_t sent, std::int64_t done) {
  Sample sample;
  sample.at.sent = start + Nanos{sent};
  sample.at.done = start + Nanos{done};
  return sample;
}

TEST(InFlightSeries, has_a_step_for_every_change) {
  const std::vector<Sample> attempts{sent_and_done(10, 40), sent_and_done(20, 30)};
  const auto series = in_flight_series(attempts, start, 100);
  ASSERT_EQ(series.size(), 6u);
  EXPECT_EQ(series[0].in_flight, 0u);
  EXPECT_EQ(series[1].at, Nanos{10});
  EXPECT_EQ(series[1].in_flight, 1u);
  EXPECT_EQ(series[2].in_flight, 2u);
  EXPECT_EQ(series[3].in_flight, 1u);
  EXPECT_EQ(series.back().at, Nanos{40});
  EXPECT_EQ(series.back().in_flight, 0u);
}

TEST(InFlightSeries, an_end_and_a_start_at_one_instant_do_not_overlap) {
  const std::vector<Sample> attempts{sent_and_done(0, 10), sent_and_done(10, 20)};
  for (const auto& point : in_flight_series(attempts, start, 100)) EXPECT_LE(point.in_flight, 1u);
}

TEST(InFlightSeries, keeps_the_peak_when_it_is_thinned_out) {
  std::vector<Sample> attempts;
  for (int i = 0; i < 10'000; ++i) attempts.push_back(sent_and_done(10 * i, 10 * i + 5));
  for (int i = 0; i < 7; ++i) attempts.push_back(sent_and_done(50'001, 50'003));
  const auto series = in_flight_series(attempts, start, 50);
  EXPECT_LE(series.size(), 60u);
  std::uint32_t peak = 0;
  for (const auto& point : series) peak = std::max(peak, point.in_flight);
  EXPECT_EQ(peak, 8u);
}

TEST(InFlightSeries, leaves_out_what_was_never_sent) {
  Sample refused;
  refused.at.done = start + Nanos{5};
  EXPECT_TRUE(in_flight_series(std::vector{refused}, start, 10).empty());
}

}  // namespace
}  // namespace atonce
