/// The parts of the study behind docs/gate.md's tables, and the jobs that it makes of pairs.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "bench/gate/study/evidence_race.h"
#include "bench/gate/study/rivals.h"
#include "gate_law.h"

namespace atonce::gate::study {
namespace {

using testing::cells_of;
using testing::Measurement;
using testing::World;

/// Pairs of one arm against itself, a second each.
Recording recording_of(const World& world, std::size_t pairs) {
  Recording recording;
  recording.record.cells = cells_of(world);
  Measurement measurement(world, {}, recording.rules, 5);
  for (std::size_t i = 0; i < pairs; ++i) {
    recording.record.pairs.push_back(measurement.next(false));
    recording.record.pairs.back().ended = std::chrono::seconds(i + 1);
  }
  recording.pairs = usable_pairs(recording.record);
  recording.rules.most_pairs = pairs_within(recording.record, recording.rules.most_time);
  return recording;
}

std::vector<double> from_to(int first, int last) {
  std::vector<double> values(static_cast<std::size_t>(last - first + 1));
  std::iota(values.begin(), values.end(), first);
  return values;
}

TEST(GatePairDraw, draws_neighbours_and_deals_them_anew) {
  const Recording recording = recording_of({}, 200);
  PairDraw draw(recording.pairs, 3), again(recording.pairs, 3), other(recording.pairs, 4);
  int exchanged = 0, same = 0, neighbours = 0;
  std::uint64_t before = 0;
  for (int i = 0; i < 1000; ++i) {
    const Pair pair = draw.next(), copy = again.next();
    EXPECT_EQ(pair.number, copy.number);
    EXPECT_EQ(pair.slices[0].values, copy.slices[0].values);
    same += pair.number == other.next().number;
    neighbours += pair.number == before % 200 + 1;
    before = pair.number;
    const Pair& drawn = recording.pairs[pair.number - 1];
    const bool turned = pair.slices[0].values != drawn.slices[0].values;
    exchanged += turned;
    EXPECT_EQ(pair.candidate_first, drawn.candidate_first != turned);
  }
  EXPECT_NEAR(exchanged, 500, 80);
  EXPECT_NEAR(neighbours, 800, 30);
  EXPECT_LT(same, 50);
}

TEST(GateVirtualJob, fails_what_is_injected_and_nothing_else) {
  const Recording recording = recording_of({.noise = 0.03}, 300);
  EXPECT_EQ(recording.rules.most_pairs, 300u);
  const Tally same = play_jobs(recording, {}, 200);
  EXPECT_EQ(same.jobs, 200u);
  EXPECT_LE(same.fails, 2u);
  EXPECT_GE(same.passes, 190u);
  EXPECT_GE(play_jobs(recording, {1, 1.1, 1}, 100).fails, 99u);
  // What is better than before passes.
  EXPECT_EQ(play_jobs(recording, {0.9, 0.9, 0.9}, 100).fails, 0u);
  // Control pairs are left alone, else they would give the alarm away as one of the environment.
  EXPECT_GE(play_jobs(recording, {1.5, 1.5, 1.5}, 50).fails, 50u);
}

TEST(GateVirtualJob, a_recording_can_be_judged_as_it_stands) {
  const Recording recording = recording_of({.noise = 0.02}, 600);
  const Tally tally = play_as_recorded(recording);
  EXPECT_GE(tally.jobs, 3u);
  EXPECT_EQ(tally.fails, 0u);
  EXPECT_EQ(tally.passes, tally.jobs);
  // One arm that is always slower is no recording of one arm.
  EXPECT_EQ(play_as_recorded(recording_of({.noise = 0.02, .label = 0.1}, 600)).passes, 0u);
}

TEST(GateInjection, shows_where_it_should) {
  Recording recording;
  recording.record.cells = {{"throughput", "calls/s", true},
                            {"response_p50", "ns"},
                            {"cpu_per_call", "ns"},
                            {"overhead_p50", "ns"}};
  EXPECT_EQ(injection_of(recording, Change::answers, 1.25), (Injection{0.8, 1.25, 1, 1}));
  EXPECT_EQ(injection_of(recording, Change::client, 1.25), (Injection{1, 1, 1.25, 1.25}));
}

TEST(GateRivals, mann_whitney_is_that_of_other_programs) {
  EXPECT_NEAR(mann_whitney_p(from_to(1, 10), from_to(11, 20)), 1.82672e-4, 1e-9);
  EXPECT_NEAR(mann_whitney_p(from_to(11, 20), from_to(1, 10)), 1.82672e-4, 1e-9);
  EXPECT_EQ(mann_whitney_p(std::vector(8, 1.0), std::vector(8, 1.0)), 1);
}

TEST(GateRivals, welch_is_that_of_the_books) {
  // Equal variances and sizes: Student's t with 18 degrees of freedom.
  const Samples samples{from_to(1, 10), from_to(6, 15)};
  const double error = std::sqrt(2 * 55.0 / 6 / 10);
  EXPECT_NEAR(welch_lower(samples), (5 - 2.10092 * error) / 5.5, 1e-4);
}

TEST(GateRivals, find_what_is_large_and_not_what_is_better) {
  std::vector<double> slow;
  for (const double value : from_to(100, 119)) slow.push_back(1.4 * value);
  for (const Rival& rival : rivals()) {
    EXPECT_TRUE(rival.finds_worse({from_to(100, 119), slow}, 1)) << rival.name;
    EXPECT_FALSE(rival.finds_worse({slow, from_to(100, 119)}, 1)) << rival.name;
    EXPECT_FALSE(rival.finds_worse({from_to(100, 119), from_to(100, 119)}, 1)) << rival.name;
  }
}

TEST(GateRivals, take_slices_in_turns_or_in_a_row) {
  const Recording recording = recording_of({.effects = {0}}, 100);
  const auto row = samples_of(recording, study::Practice::in_a_row, 10, {2}, 1).front();
  const auto at = [&](double value, Side side) {
    return std::ranges::find_if(
               recording.pairs,
               [&](const Pair& pair) { return pair.of(side).values[0] == value; }) -
           recording.pairs.begin();
  };
  for (std::size_t i = 1; i < 10; ++i)
    EXPECT_EQ(at(row.baseline[i], Side::baseline), at(row.baseline[i - 1], Side::baseline) + 1);
  EXPECT_EQ(at(row.candidate[0] / 2, Side::candidate), at(row.baseline[9], Side::baseline) + 1);
  EXPECT_EQ(samples_of(recording, study::Practice::in_turns, 30, {}, 1).front().candidate.size(),
            30u);
}

TEST(GateRace, both_rules_keep_their_promise_and_the_bets_are_sooner) {
  const Recording recording = recording_of({.noise = 0.02}, 300);
  const auto same = race(recording, {}, 100), worse = race(recording, {1.1, 1.1, 1.1}, 100);
  for (const auto& result : same) EXPECT_LE(result.tally.fails, 2u) << result.rule;
  for (const auto& result : worse) {
    EXPECT_GE(result.tally.fails, 98u) << result.rule;
    EXPECT_EQ(result.tally.passes, 0u) << result.rule;
  }
  const auto pairs = [](const RaceResult& result) {
    return std::accumulate(result.tally.pairs.begin(), result.tally.pairs.end(), 0.0);
  };
  EXPECT_LT(pairs(worse[0]), pairs(worse[1]));
}

}  // namespace
}  // namespace atonce::gate::study
