#include "core/schedule.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "tests/core/kolmogorov.h"

namespace atonce {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const SessionPlan single_call{.stages = {{.name = "all", .calls = {0}, .after = {}}}};

Schedule made(const Load& load, std::uint64_t seed = 1) {
  return make_schedule(load, single_call, {Request{}}, seed);
}

std::vector<Nanos> dues(const Load& load, std::uint64_t seed = 1) {
  std::vector<Nanos> result;
  for (const Arrival& arrival : made(load, seed).arrivals) result.push_back(arrival.due);
  return result;
}

TEST(Schedule, batch_is_due_at_once) {
  EXPECT_EQ(dues({.sessions = 3}), (std::vector<Nanos>(3, Nanos{0})));
}

TEST(Schedule, closed_load_has_bounds_instead_of_arrivals) {
  const Schedule schedule =
      made({.shape = LoadShape::closed, .sessions = 70, .duration = seconds{2}});
  ASSERT_TRUE(schedule.closed);
  EXPECT_EQ(schedule.closed->sessions, 70u);
  EXPECT_EQ(schedule.closed->duration, seconds{2});
  EXPECT_TRUE(schedule.arrivals.empty());
  EXPECT_EQ(schedule.session_count(), 70u);
  EXPECT_EQ(schedule.call_count(), 70u);
}

TEST(Schedule, counts_the_calls_of_all_stages_of_all_sessions) {
  const SessionPlan plan{.stages = {{.name = "a", .calls = {0, 0, 0}, .after = {}},
                                    {.name = "b", .calls = {0}, .after = {0}}}};
  EXPECT_EQ(plan.call_count(), 4u);
  EXPECT_EQ(make_schedule({.sessions = 25}, plan, {Request{}}, 1).call_count(), 100u);
}

TEST(Schedule, constant_load_is_due_at_multiples_of_its_period) {
  const auto due = dues({.shape = LoadShape::constant, .sessions = 5, .rate = 100});
  for (std::size_t k = 0; k < due.size(); ++k) EXPECT_EQ(due[k], milliseconds(10) * k);
}

TEST(Schedule, constant_load_does_not_drift_over_a_million_sessions) {
  const auto due = dues({.shape = LoadShape::constant, .sessions = 1'000'001, .rate = 3});
  for (std::size_t k = 0; k < due.size(); k += 3) ASSERT_EQ(due[k], seconds(k / 3));
}

TEST(Schedule, constant_load_keeps_the_session_of_a_broken_period) {
  const Load load{.shape = LoadShape::constant, .rate = 3.5, .duration = seconds{1}};
  EXPECT_EQ(dues(load).size(), 4u);  // at 0, 286, 571 and 857 ms
}

TEST(Schedule, rates_below_one_a_second_work) {
  const Load load{.shape = LoadShape::constant, .rate = 0.1, .duration = seconds{30}};
  EXPECT_EQ(dues(load), (std::vector<Nanos>{seconds{0}, seconds{10}, seconds{20}}));
}

TEST(Schedule, whichever_bound_comes_first_ends_the_load) {
  for (const LoadShape shape : {LoadShape::constant, LoadShape::poisson}) {
    Load load{.shape = shape, .sessions = 50, .rate = 100, .duration = seconds{100}};
    EXPECT_EQ(dues(load).size(), 50u);
    load.duration = milliseconds{200};
    const auto due = dues(load);
    EXPECT_LT(due.size(), 50u);
    EXPECT_LT(due.back(), milliseconds{200});
  }
}

TEST(Schedule, poisson_gaps_pass_a_kolmogorov_smirnov_test_against_the_exponential_law) {
  constexpr double rate = 250;
  constexpr std::size_t size = 20'000;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const auto due = dues({.shape = LoadShape::poisson, .sessions = size, .rate = rate}, seed);
    std::vector<double> gaps;
    Nanos before{0};
    for (const Nanos at : due) {
      gaps.push_back(std::chrono::duration<double>(at - std::exchange(before, at)).count());
    }
    const double distance =
        kolmogorov_distance(gaps, [](double gap) { return 1 - std::exp(-rate * gap); });
    EXPECT_LT(distance, once_in_a_thousand) << "seed " << seed;
  }
}

TEST(Schedule, random_gaps_that_follow_each_other_are_not_correlated) {
  for (const LoadShape shape : {LoadShape::poisson, LoadShape::gamma}) {
    const auto due = dues({.shape = shape, .sessions = 20'000, .rate = 1});
    double product = 0;
    for (std::size_t i = 2; i < due.size(); ++i) {
      const double left = std::chrono::duration<double>(due[i - 1] - due[i - 2]).count() - 1;
      const double right = std::chrono::duration<double>(due[i] - due[i - 1]).count() - 1;
      product += left * right;
    }
    EXPECT_LT(std::abs(product / 20'000), 4 / std::sqrt(20'000));
  }
}

TEST(Schedule, poisson_load_never_goes_back_in_time) {
  const auto due = dues({.shape = LoadShape::poisson, .sessions = 100'000, .rate = 1e8});
  EXPECT_TRUE(std::ranges::is_sorted(due));
}

TEST(Schedule, same_seed_gives_the_same_schedule_and_another_seed_another) {
  const Load load{.shape = LoadShape::poisson, .sessions = 100, .rate = 10};
  EXPECT_EQ(dues(load, 7), dues(load, 7));
  EXPECT_NE(dues(load, 7), dues(load, 8));
}

TEST(Schedule, a_longer_load_begins_with_the_shorter_one) {
  for (const LoadShape shape : {LoadShape::constant, LoadShape::poisson}) {
    const auto shorter = dues({.shape = shape, .sessions = 100, .rate = 7});
    const auto longer = dues({.shape = shape, .sessions = 1000, .rate = 7});
    EXPECT_TRUE(std::equal(shorter.begin(), shorter.end(), longer.begin()));
  }
}

TEST(Schedule, loads_without_bound_or_rate_are_refused) {
  const Load refused[] = {
      {.shape = LoadShape::batch},
      {.shape = LoadShape::batch, .duration = seconds{1}},
      {.shape = LoadShape::closed},
      {.shape = LoadShape::constant, .rate = 10},
      {.shape = LoadShape::constant, .sessions = 10},
      {.shape = LoadShape::poisson, .sessions = 10, .rate = -1},
      {.shape = LoadShape::poisson, .sessions = 10, .rate = std::nan("")},
      {.shape = LoadShape::constant, .sessions = 10, .rate = 1e-12},
      {.shape = LoadShape::gamma, .sessions = 10, .rate = 1, .burstiness = 0},
      {.shape = LoadShape::gamma, .rate = 1},
      {.shape = LoadShape::jitter, .sessions = 10, .rate = 1, .jitter = 1.1},
      {.shape = LoadShape::jitter, .sessions = 10},
      {.shape = LoadShape::trace, .trace = {std::chrono::hours(9000)}},
  };
  for (const Load& load : refused) EXPECT_THROW(made(load), std::invalid_argument);
}

TEST(Schedule, more_sessions_than_ids_can_number_are_refused) {
  const std::uint64_t too_many = std::uint64_t{1} << 32;
  for (const LoadShape shape : {LoadShape::batch, LoadShape::closed, LoadShape::constant})
    EXPECT_THROW(made({.shape = shape, .sessions = too_many, .rate = 1}), std::invalid_argument);
  const Load too_long{.shape = LoadShape::poisson, .rate = 1e9, .duration = seconds{5}};
  EXPECT_THROW(made(too_long), std::invalid_argument);
}

}  // namespace
}  // namespace atonce
