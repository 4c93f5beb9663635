/// When the sessions of an open load are due: the laws, and that nothing is lost or early.

#include "core/open_load.h"

#include <gtest/gtest.h>

#include <array>
#include <numeric>
#include <stdexcept>

#include "core/law.h"
#include "tests/core/kolmogorov.h"

namespace atonce {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Afterwards = RateProfile::Afterwards;

constexpr std::array rated{LoadShape::constant, LoadShape::poisson, LoadShape::gamma,
                           LoadShape::jitter};

std::vector<Nanos> dues(const Load& load, std::uint64_t seed = 1) {
  std::vector<Nanos> result;
  for (const Arrival& arrival : open_arrivals(load, seed)) result.push_back(arrival.due);
  return result;
}

double in_seconds(Nanos span) {
  return std::chrono::duration<double>(span).count();
}

std::vector<double> gaps_of(const std::vector<Nanos>& due) {
  std::vector<double> gaps;
  Nanos before{};
  for (const Nanos at : due) gaps.push_back(in_seconds(at - std::exchange(before, at)));
  return gaps;
}

RateProfile bursts(double rate, Nanos on, Nanos off) {
  return {{{rate, rate, on}, {0, 0, off}}, Afterwards::again};
}

TEST(OpenLoad, schedules_of_a_plain_rate_stay_as_they_have_always_been) {
  struct Known {
    LoadShape shape;
    double rate;
    std::uint64_t seed, hash;
  };
  constexpr std::array known{Known{LoadShape::constant, 3.7, 1, 0x60aa9b447ae10186},
                             Known{LoadShape::constant, 1e5 / 3, 1, 0xf2ad0d638a39d5e5},
                             Known{LoadShape::poisson, 0.5, 1, 0xa75b1a760e64843},
                             Known{LoadShape::poisson, 3.7, 7, 0x9b1343c6cba7c20},
                             Known{LoadShape::poisson, 1e5 / 3, 7, 0xe570f9c16e1cbf97}};
  for (const Known& one : known) {
    std::uint64_t hash = 0xcbf29ce484222325;  // FNV-1a, due by due
    for (const Nanos due :
         dues({.shape = one.shape, .sessions = 50'000, .rate = one.rate}, one.seed))
      hash = (hash ^ static_cast<std::uint64_t>(due.count())) * 0x100000001b3;
    EXPECT_EQ(hash, one.hash) << one.rate;
  }
}

TEST(OpenLoad, an_even_rate_has_every_session_that_fits) {
  const auto count = [](double rate, Nanos duration) {
    return dues({.shape = LoadShape::constant, .rate = rate, .duration = duration}).size();
  };
  EXPECT_EQ(count(3, seconds{1000}), 3000u);
  EXPECT_EQ(count(3.7, seconds{1000}), 3700u);
  EXPECT_EQ(count(0.5, seconds{7}), 4u);
  EXPECT_EQ(count(0.01, seconds{7}), 1u);
}

TEST(OpenLoad, a_random_load_has_as_many_sessions_as_its_rate_says) {
  const RateProfile ramp({{10, 90, seconds{400}}}, Afterwards::last_rate);
  for (const double burstiness : {1.0, 0.4, 3.0})
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
      const Load load{.shape = burstiness == 1 ? LoadShape::poisson : LoadShape::gamma,
                      .rate = ramp,
                      .duration = seconds{400},
                      .burstiness = burstiness};
      const auto count = static_cast<double>(dues(load, seed).size());
      EXPECT_NEAR(count, 20'000, 5 * burstiness * std::sqrt(20'000));
    }
}

TEST(OpenLoad, poisson_counts_in_windows_vary_as_much_as_their_mean) {
  constexpr std::size_t windows = 5000;
  std::vector<double> counts(windows);
  const Load load{.shape = LoadShape::poisson, .rate = 8, .duration = seconds{windows}};
  for (const Nanos due : dues(load)) ++counts[static_cast<std::size_t>(due / seconds{1})];
  const double mean = std::accumulate(counts.begin(), counts.end(), 0.0) / windows;
  double variance = 0;
  for (const double count : counts) variance += (count - mean) * (count - mean) / windows;
  EXPECT_NEAR(variance / mean, 1, 5 * std::sqrt(2.0 / windows));
}

TEST(OpenLoad, gamma_gaps_follow_their_law) {
  constexpr double rate = 2;
  for (const double burstiness : {0.3, 1.0, 2.0}) {
    const double variance = burstiness * burstiness;
    const Gamma law{.shape = 1 / variance, .scale = variance / rate};
    const Load load{
        .shape = LoadShape::gamma, .sessions = 10'000, .rate = rate, .burstiness = burstiness};
    const auto distance =
        kolmogorov_distance(gaps_of(dues(load)), [&](double gap) { return cdf(law, gap); });
    EXPECT_LT(distance, once_in_a_thousand) << burstiness;
  }
}

TEST(OpenLoad, extreme_burstiness_is_still_a_schedule) {
  for (const double burstiness : {0.01, 100.0}) {
    const auto due =
        dues({.shape = LoadShape::gamma, .sessions = 1000, .rate = 100, .burstiness = burstiness});
    EXPECT_EQ(due.size(), 1000u);
    EXPECT_TRUE(std::ranges::is_sorted(due));
  }
}

TEST(OpenLoad, jitter_is_uniform_over_its_part_of_the_period) {
  constexpr double rate = 40, jitter = 0.6;
  const auto due =
      dues({.shape = LoadShape::jitter, .sessions = 10'000, .rate = rate, .jitter = jitter});
  std::vector<double> late;
  for (std::size_t i = 0; i < due.size(); ++i)
    late.push_back(in_seconds(due[i]) * rate - static_cast<double>(i));
  EXPECT_GE(std::ranges::min(late), 0);
  EXPECT_LT(kolmogorov_distance(late, [](double x) { return std::clamp(x / jitter, 0.0, 1.0); }),
            once_in_a_thousand);
  EXPECT_EQ(dues({.shape = LoadShape::jitter, .sessions = 50, .rate = rate, .jitter = 0}),
            dues({.shape = LoadShape::constant, .sessions = 50, .rate = rate}));
}

TEST(OpenLoad, no_session_is_due_between_bursts_and_none_is_lost_over_many) {
  constexpr std::int64_t cycles = 10'000;
  for (const LoadShape shape : rated) {
    const Load load{.shape = shape,
                    .rate = bursts(3.7, seconds{1}, seconds{9}),
                    .duration = seconds{10} * cycles,
                    .burstiness = 2};
    const auto due = dues(load);
    for (const Nanos at : due) ASSERT_LT(at % seconds{10}, seconds{1});
    const bool even = shape == LoadShape::constant || shape == LoadShape::jitter;
    EXPECT_NEAR(static_cast<double>(due.size()), 37'000, even ? 0 : 10 * std::sqrt(37'000));
  }
}

TEST(OpenLoad, every_burst_of_an_even_load_has_its_whole_number) {
  const Load load{.shape = LoadShape::constant,
                  .rate = bursts(100, milliseconds{100}, milliseconds{900}),
                  .duration = seconds{500}};
  std::vector<int> counts(500);
  for (const Nanos due : dues(load)) ++counts[static_cast<std::size_t>(due / seconds{1})];
  EXPECT_EQ(counts, std::vector<int>(500, 10));
}

TEST(OpenLoad, stages_that_hold_parts_of_a_session_lose_none) {
  std::vector<RateStage> stages;
  for (int i = 0; i < 1000; ++i) {
    stages.push_back({0.25, 0.25, seconds{1}});
    stages.push_back({0.625, 0.625, seconds{1}});
  }
  const Load load{.shape = LoadShape::constant,
                  .rate = {stages, Afterwards::last_rate},
                  .duration = seconds{2000}};
  EXPECT_EQ(dues(load).size(), 875u);
}

TEST(OpenLoad, the_integral_of_the_rate_up_to_each_session_is_its_number) {
  const RateProfile profile({{5, 50, seconds{20}},
                             {0, 0, seconds{3}},
                             {50, 50, seconds{4}},
                             {50, 0, seconds{7}},
                             {0, 1.5, seconds{9}}},
                            Afterwards::again);
  const auto due = dues({.shape = LoadShape::constant, .rate = profile, .duration = seconds{430}});
  EXPECT_NEAR(static_cast<double>(due.size()), profile.expected(seconds{430}), 1);
  for (std::size_t i = 0; i < due.size(); ++i)
    ASSERT_NEAR(profile.expected(due[i]), static_cast<double>(i), 1e-6) << i;
}

TEST(OpenLoad, poisson_under_a_ramp_is_a_unit_process_in_its_own_time) {
  const RateProfile ramp({{0, 200, seconds{100}}, {30, 30, seconds{50}}}, Afterwards::again);
  std::vector<double> gaps;
  double before = 0;
  for (const Nanos at :
       dues({.shape = LoadShape::poisson, .rate = ramp, .duration = seconds{300}})) {
    const double now = ramp.expected(at);
    gaps.push_back(now - std::exchange(before, now));
  }
  EXPECT_GT(gaps.size(), 20'000u);
  EXPECT_LT(kolmogorov_distance(gaps, [](double gap) { return -std::expm1(-gap); }),
            once_in_a_thousand);
}

TEST(OpenLoad, of_any_shape_is_ordered_and_depends_on_the_seed_alone) {
  const RateProfile profile({{1, 1e6, milliseconds{3}}, {7, 7, seconds{1}}}, Afterwards::again);
  for (const LoadShape shape : rated) {
    Load load{.shape = shape, .sessions = 5000, .rate = profile, .burstiness = 3};
    const auto due = dues(load, 7);
    EXPECT_TRUE(std::ranges::is_sorted(due));
    EXPECT_EQ(due, dues(load, 7));
    EXPECT_EQ(due == dues(load, 8), shape == LoadShape::constant);
    load.sessions = 100;
    const auto shorter = dues(load, 7);
    EXPECT_TRUE(std::equal(shorter.begin(), shorter.end(), due.begin()));
  }
}

TEST(OpenLoad, a_trace_is_due_as_recorded_within_its_bounds) {
  Load load{.shape = LoadShape::trace, .trace = {seconds{0}, seconds{1}, seconds{1}, seconds{4}}};
  EXPECT_EQ(dues(load), load.trace);
  load.duration = seconds{4};
  EXPECT_EQ(dues(load).size(), 3u);
  load.sessions = 2;
  EXPECT_EQ(dues(load), (std::vector<Nanos>{seconds{0}, seconds{1}}));
}

TEST(OpenLoad, sessions_that_will_never_be_due_are_refused) {
  const RateProfile ends({{10, 0, seconds{1}}}, Afterwards::last_rate);
  Load load{.shape = LoadShape::constant, .sessions = 5, .rate = ends};
  EXPECT_EQ(dues(load).size(), 5u);
  load.sessions = 6;
  EXPECT_THROW(dues(load), std::invalid_argument);
  load.duration = seconds{100};
  EXPECT_EQ(dues(load).size(), 5u) << "with a duration the load just ends";
}

}  // namespace
}  // namespace atonce
