/// What the judge makes of calls that fail, and of slices of which nothing can be learnt.

#include <gtest/gtest.h>

#include <cmath>

#include "bench/gate/player.h"
#include "bench/gate/thresholds.h"
#include "tests/bench/gate_law.h"

namespace atonce::gate::testing {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int jobs = 100;
#else
constexpr int jobs = 400;
#endif

Rules short_rules() {
  Rules rules;
  rules.most_pairs = 44;
  return rules;
}

World failing(double baseline, double candidate) {
  return {.failing = std::array{baseline, candidate}};
}

/// Whether the share of calls that failed so far is ever above what is allowed.
bool peeking_alarms(const World& world, std::uint64_t seed) {
  const Rules rules = short_rules();
  Measurement measurement(world, {}, rules, seed);
  std::uint64_t calls = 0, errors = 0;
  for (std::size_t i = 0; i < rules.most_pairs; ++i) {
    const Slice slice = measurement.next(false).of(Side::candidate);
    calls += slice.calls;
    errors += slice.errors;
    if (errors > 3 && static_cast<double>(errors) > rules.most_errors * static_cast<double>(calls))
      return true;
  }
  return false;
}

TEST(GateErrors, as_many_as_are_allowed_raise_no_alarm) {
  for (const double share : {0.005, 0.01}) {
    const World world = failing(share, share);
    int alarms = 0, peeking = 0;
    for (std::uint64_t job = 0; job < jobs; ++job) {
      const Decision decision = decide(world, {}, short_rules(), job);
      alarms += decision == Decision::candidate_errors || decision == Decision::baseline_errors ||
                decision == Decision::regression;
      peeking += peeking_alarms(world, job);
    }
    EXPECT_LE(alarms, jobs / 100) << share;
    EXPECT_GT(peeking, jobs / 50) << "a rule that is worse would go unnoticed";
  }
}

TEST(GateErrors, more_are_found_within_a_few_pairs) {
  Rules rules;
  for (const auto& [share, pairs] : {std::pair{0.05, 15u}, std::pair{1.0, 3u}}) {
    rules.most_pairs = pairs;
    EXPECT_GE(share_of(Decision::candidate_errors, failing(0, share), {}, rules, jobs), 0.98);
    EXPECT_GE(share_of(Decision::baseline_errors, failing(share, share), {}, rules, jobs), 0.98);
  }
}

TEST(GateErrors, decide_by_themselves_but_not_at_once) {
  for (const auto& [side, decision] : {std::pair{Side::candidate, Decision::candidate_errors},
                                       std::pair{Side::baseline, Decision::baseline_errors}}) {
    Judge judge(one_cell(), {});
    Pair bad = pair(1, 1);
    bad.of(side).errors = bad.of(side).calls;
    judge.add(bad);
    EXPECT_EQ(judge.decision(), Decision::none);
    judge.add(bad);
    EXPECT_EQ(judge.decision(), decision);
  }
}

TEST(GateErrors, an_arm_that_seems_to_fail_does_not_pass_before_it_is_known) {
  Pair bad = pair(1, 1);
  bad.of(Side::candidate).errors = 2;  // of a hundred: too little to prove anything soon
  Judge judge(one_cell(), {});
  while (judge.decision() == Decision::none) judge.add(bad);
  EXPECT_EQ(judge.decision(), Decision::candidate_errors);
  EXPECT_TRUE(judge.passed()[0]) << "its figures are good";
}

TEST(GateErrors, of_a_disturbed_pair_do_not_count_those_of_another_useless_one_do) {
  Pair stolen = pair(1, 1), invalid = pair(1, 1), empty = pair(1, no_value);
  stolen.of(Side::baseline).around.steal = 0.5;
  invalid.of(Side::candidate).around.invalid = "not_conserved";
  for (const auto& [bad, counts] :
       {std::pair{stolen, false}, std::pair{invalid, true}, std::pair{empty, true}}) {
    Judge judge(one_cell(), {});
    Pair failed = bad;
    failed.of(Side::candidate).errors = failed.of(Side::candidate).calls;
    judge.add(failed);
    judge.add(failed);
    EXPECT_EQ(judge.dropped(), 2u);
    EXPECT_EQ(judge.decision() == Decision::candidate_errors, counts);
  }
}

/// How a job ends in which two pairs in three are spoilt by `spoil`, which is told their number.
template <class Spoil>
Decision spoilt_by(Spoil spoil) {
  Judge judge(one_cell(), {});
  for (std::size_t i = 0; judge.decision() == Decision::none; ++i) {
    Pair next = pair(100, i % 2 == 0 ? 90 : 130);
    next.control = is_control_turn(i, {});
    if (i % 3 != 0) spoil(next, i);
    judge.add(next);
  }
  return judge.decision();
}

TEST(GateUnusable, slices_of_one_arm_are_not_blamed_on_the_environment) {
  const auto breaks = [](Side side) {
    return [side](Pair& next, std::size_t) {
      for (const Side place : {Side::baseline, Side::candidate})
        if (side == (next.control ? Side::baseline : place))
          next.of(place).around.invalid = "server_peak_above_cap";
    };
  };
  EXPECT_EQ(spoilt_by(breaks(Side::candidate)), Decision::candidate_unusable);
  EXPECT_EQ(spoilt_by(breaks(Side::baseline)), Decision::baseline_unusable);
  EXPECT_EQ(spoilt_by([](Pair& next, std::size_t) {
              if (!next.control) next.of(Side::candidate).values[0] = no_value;
            }),
            Decision::candidate_unusable);
}

TEST(GateUnusable, what_befalls_both_arms_or_comes_with_a_disturbance_is_the_environments) {
  const auto invalid = [](Pair& next, Side side) { next.of(side).around.invalid = "late"; };
  EXPECT_EQ(spoilt_by([&](Pair& next, std::size_t i) {
              invalid(next, i % 9 == 1 ? Side::baseline : Side::candidate);
            }),
            Decision::spoiled);
  EXPECT_EQ(spoilt_by([&](Pair& next, std::size_t) {
              if (next.control) return;
              invalid(next, Side::candidate);
              next.of(Side::candidate).around.steal = 0.5;
            }),
            Decision::spoiled);
}

TEST(GateThresholds, a_fail_takes_control_pairs_at_any_alpha_that_is_allowed) {
  Rules rules;
  rules.alpha = most_error_rate;
  EXPECT_GT(enough_to_clear(rules), 0);
  Judge judge(one_cell(), rules);
  for (int i = 0; i < 30; ++i) judge.add(pair(1, 2));
  EXPECT_TRUE(judge.suspects());
  EXPECT_EQ(judge.decision(), Decision::none);
}

TEST(GateThresholds, cells_and_errors_share_alpha) {
  const Rules rules;
  EXPECT_LE(std::exp(-enough_for_fail(rules)) + std::exp(-enough_errors(rules)),
            rules.alpha * (1 + 1e-9));
}

TEST(GatePlayer, cpu_is_that_of_a_call_however_often_it_was_tried) {
  TrialResult result;
  result.ledger.scheduled = 100;
  result.usage.cpu_user = std::chrono::milliseconds(3);
  result.usage.cpu_system = std::chrono::milliseconds(1);
  for (const std::uint64_t attempts : {100u, 200u}) {
    result.attempts = attempts;
    const double cpu = trial_slice(result).values[static_cast<std::size_t>(Measure::cpu_per_call)];
    EXPECT_DOUBLE_EQ(cpu, 40'000);
  }
}

}  // namespace
}  // namespace atonce::gate::testing
