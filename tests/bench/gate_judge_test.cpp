/// The decision rule on made-up measurements.

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "bench/gate/resample.h"
#include "tests/bench/gate_law.h"

namespace atonce::gate::testing {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int jobs = 200;
#else
constexpr int jobs = 2000;
#endif
/// What 1 % of the jobs may look like by chance: once in a thousand runs it is more.
const double one_per_cent = 0.01 + 3.1 * std::sqrt(0.0099 / jobs);
constexpr int few_jobs = jobs / 5;

const double ten_per_cent = std::log(1.10);

Rules short_rules() {
  Rules rules;
  rules.most_pairs = 80;
  return rules;
}

/// What a gate must keep, whatever the machine is like.
struct Kept {
  bool no_false_alarm, no_false_pass, finds, names_environment;
};

Kept kept_by(const Practice& practice) {
  const Rules rules = short_rules();
  const World drifting{.drift = 0.15};
  const World slower{.effects = {ten_per_cent, 0, 0}, .noise = 0.02, .second = 0.15};
  const World skewed{.noise = 0.01, .label = 0.15};
  // With a control arm, what goes wrong in both arms alike ends as control_failed.
  return {share_of(Decision::regression, drifting, practice, rules, few_jobs) +
                  share_of(Decision::control_failed, drifting, practice, rules, few_jobs) <=
              0.06,
          share_of(Decision::pass, slower, practice, rules, few_jobs) <= 0.04,
          share_of(Decision::regression, slower, practice, rules, few_jobs) >= 0.9,
          share_of(Decision::regression, skewed, practice, rules, few_jobs) <= 0.1};
}

TEST(GateJudge, a_false_fail_is_rarer_than_alpha) {
  for (const World& world :
       {World{}, World{.noise = 0.2}, World{.outliers = 0.1}, World{.second = 0.2},
        World{.drift = 0.05}, World{.effects = {std::log(1.03), std::log(1.03), std::log(1.03)}}}) {
    EXPECT_LE(share_of(Decision::regression, world, {}, short_rules(), jobs), one_per_cent);
  }
}

TEST(GateJudge, a_regression_passes_more_rarely_than_beta) {
  const World one{.effects = {0, std::log(1.08), 0}, .noise = 0.02};
  const World noisy{.effects = {ten_per_cent, 0, 0}, .noise = 0.1, .outliers = 0.05};
  EXPECT_LE(share_of(Decision::pass, one, {}, short_rules(), jobs), one_per_cent);
  EXPECT_LE(share_of(Decision::pass, noisy, {}, short_rules(), jobs), one_per_cent);
}

TEST(GateJudge, ten_per_cent_in_one_cell_are_found) {
  const World world{.effects = {0, 0, ten_per_cent}, .noise = 0.03};
  EXPECT_GE(share_of(Decision::regression, world, {}, short_rules(), few_jobs), 0.98);
}

TEST(GateJudge, the_same_passes) {
  EXPECT_GE(share_of(Decision::pass, World{.noise = 0.03}, {}, short_rules(), few_jobs), 0.97);
}

TEST(GateJudge, a_good_practice_keeps_everything) {
  const Kept kept = kept_by({});
  EXPECT_TRUE(kept.no_false_alarm);
  EXPECT_TRUE(kept.no_false_pass);
  EXPECT_TRUE(kept.finds);
  EXPECT_TRUE(kept.names_environment);
}

/// A test that bad practice would pass as well would show nothing.
TEST(GateJudge, a_fixed_order_is_caught) {
  EXPECT_FALSE(kept_by({.coin = false}).no_false_alarm);
}

TEST(GateJudge, arms_that_are_mixed_up_are_caught) {
  const Kept kept = kept_by({.right_way = false});
  EXPECT_FALSE(kept.no_false_pass && kept.finds);
}

TEST(GateJudge, a_missing_control_is_caught) {
  EXPECT_FALSE(kept_by({.controls = false}).names_environment);
}

TEST(GateJudge, a_position_effect_that_is_not_taken_out_is_caught) {
  EXPECT_FALSE(kept_by({.know_order = false}).finds);
}

TEST(GateJudge, more_is_worse_unless_more_is_better) {
  const Pair twice = pair(1, 2);
  EXPECT_DOUBLE_EQ(*difference(one_cell()[0], twice.slices[0], twice.slices[1], 0), std::log(2));
  const CellInfo rate{.name = "rate", .unit = "calls/s", .more_is_better = true};
  EXPECT_DOUBLE_EQ(*difference(rate, twice.slices[0], twice.slices[1], 0), -std::log(2));
  EXPECT_FALSE(difference(rate, slice({0}), slice({1}), 0));
  EXPECT_FALSE(difference(rate, slice({no_value}), slice({1}), 0));
}

TEST(GateJudge, a_pair_is_dropped_whichever_slice_was_disturbed) {
  const Rules rules;
  for (const std::size_t side : {0u, 1u}) {
    Pair stolen = pair(1, 1), stalled = pair(1, 1), invalid = pair(1, 1), empty = pair(1, 1);
    stolen.slices[side].around.steal = 0.2;
    stalled.slices[side].around.stalled = std::chrono::milliseconds(200);
    invalid.slices[side].around.invalid = "not_conserved";
    empty.slices[side].values[0] = no_value;
    for (const Pair& bad : {stolen, stalled, invalid, empty})
      EXPECT_TRUE(spoilt(bad, one_cell(), rules));
  }
  EXPECT_FALSE(spoilt(pair(1, 1), one_cell(), rules));
}

TEST(GateJudge, an_environment_that_spoils_a_third_of_the_pairs_is_named) {
  Judge judge(one_cell(), {});
  for (int i = 0; judge.decision() == Decision::none && i < 100; ++i) {
    Pair next = pair(100, i % 2 == 0 ? 90 : 130);
    if (i % 3 == 0) next.slices[0].around.steal = 0.5;
    judge.add(next);
  }
  EXPECT_EQ(judge.decision(), Decision::spoiled);
}

TEST(GateJudge, a_burst_at_the_beginning_is_waited_for) {
  const auto job = [](int spoilt, Rules rules) {
    Judge judge(one_cell(), rules);
    for (int i = 0; judge.decision() == Decision::none; ++i) {
      Pair next = pair(100, 101);
      if (i < spoilt) next.slices[1].around.steal = 0.5;
      judge.add(next);
      if (judge.decision() == Decision::pass) {
        EXPECT_LE(static_cast<double>(judge.dropped()), 0.2 * (i + 1));
      }
    }
    return judge.decision();
  };
  EXPECT_EQ(job(6, {}), Decision::pass) << "though twelve others are enough to know";
  EXPECT_EQ(job(12, {}), Decision::spoiled) << "there is an end to patience";
  Rules brief;
  brief.most_pairs = 20;
  EXPECT_EQ(job(6, brief), Decision::spoiled) << "no time is left to make up for it";
}

TEST(GateJudge, stops_at_the_budget_of_pairs_or_time) {
  Rules rules;
  rules.most_pairs = 2;
  Judge by_pairs(one_cell(), rules), by_time(one_cell(), {});
  by_pairs.add(pair(1, 1));
  EXPECT_EQ(by_pairs.decision(), Decision::none);
  by_pairs.add(pair(1, 1));
  EXPECT_EQ(by_pairs.decision(), Decision::out_of_budget);
  Pair late = pair(1, 1);
  late.ended = std::chrono::minutes(5);
  by_time.add(late);
  EXPECT_EQ(by_time.decision(), Decision::out_of_budget);
}

TEST(GatePosition, is_learnt_from_earlier_pairs_only_and_taken_out) {
  PositionEffect position;
  EXPECT_EQ(position.remove(0.3, false), 0.3) << "nothing is known yet";
  for (int i = 0; i < 50; ++i) {
    position.remove(0.1, false);  // the candidate came second
    position.remove(-0.1, true);
  }
  EXPECT_NEAR(position.estimate(), 0.1, 0.01);
  EXPECT_NEAR(position.remove(0.1, false), 0, 0.01);
  EXPECT_NEAR(position.remove(-0.1, true), 0, 0.01);
}

TEST(GateAttribution, names_a_cell_only_if_every_set_with_it_has_evidence) {
  const double enough = std::log(100);
  EXPECT_EQ(attributed(std::vector{enough}, enough), std::vector{true});
  // The pair of both has a mean of (200 + 0) / 2 = 100.
  EXPECT_EQ(attributed(std::vector{std::log(201), std::log(1e-9)}, enough),
            (std::vector{true, false}));
  EXPECT_EQ(attributed(std::vector{std::log(199), std::log(1e-9)}, enough),
            (std::vector{false, false}));
  // Holm: once the largest is out of the way, the second needs less.
  EXPECT_EQ(attributed(std::vector{std::log(1e6), std::log(201), std::log(1e-9)}, enough),
            (std::vector{true, true, false}));
}

TEST(GateResampling, the_detectable_effect_grows_with_the_noise_and_falls_with_the_budget) {
  std::mt19937_64 rng(1);
  std::vector<double> quiet, noisy;
  for (int i = 0; i < 40; ++i) quiet.push_back(std::normal_distribution<>(0.5, 0.02)(rng));
  for (int i = 0; i < 40; ++i) noisy.push_back(std::normal_distribution<>(0.5, 0.08)(rng));
  const Rules rules;
  const double usual = smallest_detectable(quiet, rules, 6, 40);
  EXPECT_GT(usual, rules.tolerated);
  EXPECT_LT(usual, 0.08);
  EXPECT_GT(smallest_detectable(noisy, rules, 6, 40), 1.5 * usual);
  EXPECT_GT(smallest_detectable(quiet, rules, 6, 15), usual);
  EXPECT_TRUE(std::isinf(smallest_detectable(quiet, rules, 6, 5))) << "no bet wins that fast";
}

TEST(GateResampling, what_is_called_detectable_is_detected) {
  std::mt19937_64 rng(2);
  std::vector<double> differences;
  for (int i = 0; i < 200; ++i) differences.push_back(std::normal_distribution<>(0, 0.05)(rng));
  const Rules rules = short_rules();
  const double effect = std::log1p(smallest_detectable(differences, rules, 1, 60));
  const World world{.effects = {effect}, .noise = 0.05 / std::sqrt(2)};
  EXPECT_GE(share_of(Decision::regression, world, {}, rules, few_jobs), 0.96);
}

TEST(GateResampling, sign_flips_count_what_is_at_least_as_large) {
  EXPECT_DOUBLE_EQ(sign_flip_p(std::vector{1.0, 2.0, 3.0}, 0), 1.0 / 8);
  EXPECT_DOUBLE_EQ(sign_flip_p(std::vector{1.0, 2.0, -3.0}, 0), 5.0 / 8);
  EXPECT_LT(sign_flip_p(std::vector<double>(20, 1.0), 0), 0.001);
  EXPECT_EQ(sign_flip_p(std::vector<double>{}, 0), 1);
}

}  // namespace
}  // namespace atonce::gate::testing
