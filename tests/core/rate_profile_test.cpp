#include "core/rate_profile.h"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

namespace atonce {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Afterwards = RateProfile::Afterwards;

/// When session `index` of an even load is due.
Nanos due(const RateProfile& profile, std::uint64_t index) {
  return profile.due(index / static_cast<long double>(profile.peak()));
}

TEST(RateProfile, steps_have_their_rate_one_after_the_other) {
  const RateProfile steps({{2, 2, seconds{2}}, {4, 4, seconds{1}}}, Afterwards::last_rate);
  EXPECT_EQ(steps.peak(), 4);
  EXPECT_EQ(due(steps, 3), milliseconds{1500});
  EXPECT_EQ(due(steps, 4), seconds{2});
  EXPECT_EQ(due(steps, 5), milliseconds{2250});
  EXPECT_EQ(due(steps, 16), seconds{5}) << "the last rate goes on";
}

TEST(RateProfile, ramps_have_the_square_root_as_their_inverse) {
  const RateProfile up({{0, 10, seconds{10}}}, Afterwards::last_rate);
  for (const std::uint64_t i : {0, 1, 7, 49}) {
    const auto expected = std::llround(std::sqrt(2.0L * i) * 1e9L);
    EXPECT_EQ(due(up, i).count(), expected) << i;
  }
  EXPECT_EQ(due(up, 51), seconds{10} + milliseconds{100});
  const RateProfile down({{10, 0, seconds{10}}}, Afterwards::last_rate);
  EXPECT_EQ(due(down, 18), seconds{2}) << "50 - (10 - t)^2 / 2";
  EXPECT_EQ(due(down, 51), unlimited_time) << "its rate ends at 0";
}

TEST(RateProfile, what_falls_on_the_edge_of_a_pause_comes_after_it) {
  const RateProfile paused({{3.7, 3.7, seconds{10}}, {0, 0, seconds{5}}, {1, 1, seconds{1}}},
                           Afterwards::last_rate);
  EXPECT_LT(due(paused, 36), seconds{10});
  EXPECT_EQ(due(paused, 37), seconds{15});
  EXPECT_EQ(due(paused, 38), seconds{16});
}

TEST(RateProfile, stages_come_again_without_drift) {
  const RateProfile bursts({{100, 100, milliseconds{100}}, {0, 0, milliseconds{900}}},
                           Afterwards::again);
  EXPECT_EQ(due(bursts, 9), milliseconds{90});
  EXPECT_EQ(due(bursts, 10), seconds{1});
  EXPECT_EQ(due(bursts, 1'000'000'000), seconds{100'000'000});
  EXPECT_EQ(due(bursts, 1'000'000'003), seconds{100'000'000} + milliseconds{30});
  const RateProfile odd({{0, 0, seconds{1}}, {3.7, 3.7, seconds{10}}, {0, 7, seconds{2}}},
                        Afterwards::again);
  EXPECT_EQ(due(odd, 0), seconds{1}) << "nothing is due before there is a rate";
  EXPECT_EQ(due(odd, 44), seconds{14});
  EXPECT_EQ(due(odd, 44'000'000), seconds{13'000'001});
}

TEST(RateProfile, expects_as_many_as_the_integral_of_its_rate) {
  const RateProfile profile({{2, 2, seconds{2}}, {0, 4, seconds{2}}}, Afterwards::last_rate);
  EXPECT_DOUBLE_EQ(profile.expected(seconds{1}), 2);
  EXPECT_DOUBLE_EQ(profile.expected(seconds{3}), 5);
  EXPECT_DOUBLE_EQ(profile.expected(seconds{5}), 12);
  const RateProfile again({{2, 2, seconds{2}}, {0, 4, seconds{2}}}, Afterwards::again);
  EXPECT_DOUBLE_EQ(again.expected(seconds{4'000'003}), 8'000'005);
  EXPECT_DOUBLE_EQ(RateProfile(0.5).expected(seconds{7}), 3.5);
}

TEST(RateProfile, stretched_it_has_the_same_sessions_in_another_time) {
  const RateProfile profile({{3, 3, seconds{1}}, {0, 0, seconds{1}}, {1, 9, seconds{5}}},
                            Afterwards::last_rate);
  const RateProfile third = profile.stretched(1 / 3.0);
  for (const std::uint64_t i : {0, 2, 3, 10, 27, 40})
    EXPECT_NEAR(static_cast<double>(due(third, i).count()),
                static_cast<double>(due(profile, i).count()) / 3, 3)
        << i;
}

TEST(RateProfile, without_a_rate_or_time_is_refused) {
  const auto refused = {
      RateProfile(0),
      RateProfile(-1),
      RateProfile(std::nan("")),
      RateProfile(HUGE_VAL),
      RateProfile({}, Afterwards::again),
      RateProfile({{0, 0, seconds{1}}}, Afterwards::again),
      RateProfile({{1, 1, seconds{0}}}, Afterwards::last_rate),
      RateProfile({{1, -1, seconds{1}}, {1, 1, seconds{1}}}, Afterwards::last_rate),
      RateProfile({{std::nan(""), 1, seconds{1}}}, Afterwards::last_rate)};
  for (const RateProfile& profile : refused) EXPECT_THROW(profile.check(), std::invalid_argument);
  EXPECT_NO_THROW(RateProfile({{0, 1, seconds{1}}}, Afterwards::again).check());
}

}  // namespace
}  // namespace atonce
