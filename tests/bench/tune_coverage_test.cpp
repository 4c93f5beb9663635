/// Is the truth in the tuner's interval as often as it says? The long version of this is
/// bench/tune/sim/study.cpp.

#include <gtest/gtest.h>

#include "tests/bench/tune_run.h"

namespace atonce::testing {
namespace {

using namespace tune;
using namespace tune::sim;

std::vector<Truth> dozen() {
  return {closed_queue(2, 0.010, 0, "p99<=100ms"),      closed_queue(2, 0.010, 0.020, "p95<=150ms"),
          closed_queue(4, 0.010, 0.020, "p99<=100ms"),  closed_queue(4, 0.020, 0, "p95<=200ms"),
          closed_queue(8, 0.020, 0.020, "p90<=100ms"),  closed_queue(8, 0.010, 0, "p99<=100ms"),
          fixed_queue(4, 0.0203, "p99<=100ms"),         fixed_queue(13, 0.0307, "p95<=150ms"),
          rate_limit(203, 0.020, "p99<=150ms"),         refusals(310, 0.050, 0.005, "errors<=1%"),
          contention(0.02, 0.001, 0.010, "p99<=150ms"), contention(0, 0.002, 0.010, "p95<=100ms")};
}

struct Score {
  std::size_t runs = 0, covered = 0, unsafe = 0;
  double width = 0;
};

/// `find` gives the interval of the boundary.
template <class Find>
Score score(Find find) {
#ifdef ATONCE_SANITIZED
  constexpr std::uint64_t runs = 5;
#else
  constexpr std::uint64_t runs = 40;
#endif
  Score score;
  for (const Truth& truth : dozen())
    for (std::uint64_t run = 0; run < runs; ++run) {
      const LevelInterval found = find(truth, run);
      ++score.runs;
      const bool too_high = found.low && *found.low > truth.boundary;
      score.unsafe += too_high;
      score.covered += !too_high && (!found.beyond || *found.beyond > truth.boundary);
      if (found.low && found.beyond)
        score.width +=
            static_cast<double>(*found.beyond - *found.low) / static_cast<double>(*found.beyond);
      else
        score.width += 1;
    }
  score.width /= static_cast<double>(score.runs);
  return score;
}

/// Few runs: what is asked for is less than what is promised, so that chance does not fail it.
bool is_sound(const Score& score) {
  const auto runs = static_cast<double>(score.runs);
  return static_cast<double>(score.covered) >= 0.93 * runs &&
         static_cast<double>(score.unsafe) <= 0.04 * runs + 1 && score.width < 0.4;
}

TEST(TuneCoverage, the_boundary_of_servers_in_closed_form_lies_in_its_interval) {
  const Score tuner =
      score([](const Truth& truth, std::uint64_t seed) { return tuned(truth, seed).boundary; });
  EXPECT_TRUE(is_sound(tuner)) << tuner.covered << " of " << tuner.runs << ", " << tuner.unsafe
                               << " too high, mean width " << tuner.width;
}

/// Servers whose share of bad calls rises slowly, searched from just beyond their boundary on: the
/// search cannot keep away from levels that are hardly told apart. How often it is fooled.
template <class Find>
double fooled(Find find) {
#ifdef ATONCE_SANITIZED
  constexpr std::uint64_t runs = 4;
#else
  constexpr std::uint64_t runs = 40;
#endif
  double wrong = 0, all = 0;
  for (Truth truth :
       {closed_queue(8, 0.010, 0, "p99<=100ms"), closed_queue(16, 0.020, 0, "p99<=200ms"),
        closed_queue(8, 0.020, 0.020, "p90<=100ms"), closed_queue(32, 0.020, 0.020, "p99<=150ms"),
        contention(0.01, 0.0001, 0.010, "p99<=120ms")}) {
    truth.range = {.low = truth.boundary + 1, .high = 4 * truth.boundary};
    for (std::uint64_t run = 0; run < runs; ++run) {
      wrong += find(truth, run);
      ++all;
    }
  }
  return wrong / all;
}

TEST(TuneCoverage, levels_just_beyond_the_boundary_are_hardly_ever_said_to_meet) {
  const double share = fooled([](const Truth& truth, std::uint64_t seed) {
    return tuned(truth, seed).boundary.low.has_value();
  });
  EXPECT_LE(share, 0.05) << "2.5 % are promised; the rest is chance";
}

TEST(TuneCoverage, comparing_what_was_seen_with_the_limit_would_be_noticed) {
  const double share = fooled([](const Truth& truth, std::uint64_t seed) {
    VirtualTarget target = truth.target(seed);
    const Probe probe = target.probe({.level = truth.range.low, .blocks = 16});
    const Share seen = share_of(probe.blocks, 0);
    return seen.value() < truth.slos[0].share;
  });
  EXPECT_GT(share, 0.1);
}

TEST(TuneCoverage, a_verdict_from_a_single_block_would_be_noticed) {
  const Score naive = score([](const Truth& truth, std::uint64_t seed) {
    VirtualTarget target = truth.target(seed);
    std::size_t good = 1, bad = 256;
    while (bad - good > 1) {
      const std::size_t middle = (good + bad) / 2;
      const Probe probe = target.probe({.level = middle, .blocks = 1});
      const double share = share_of(probe.blocks, 0).value();
      (share <= truth.slos[0].share ? good : bad) = middle;
    }
    return LevelInterval{.low = good, .beyond = bad};
  });
  EXPECT_FALSE(is_sound(naive)) << naive.covered << " of " << naive.runs;
}

TEST(TuneCoverage, an_answer_that_says_nothing_would_be_noticed) {
  EXPECT_FALSE(is_sound(score([](const Truth&, std::uint64_t) { return LevelInterval{}; })));
}

}  // namespace
}  // namespace atonce::testing
