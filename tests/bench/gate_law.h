#pragma once
/// Made-up measurements with known effects, to judge the judge by.

#include <array>
#include <cmath>
#include <functional>
#include <random>
#include <vector>

#include "bench/gate/judge.h"

namespace atonce::gate::testing {

/// A machine on which two arms could be measured. Effects are logarithms.
struct World {
  std::vector<double> effects{0, 0, 0};  ///< of the candidate, by cell
  double noise = 0.04;                   ///< of a slice
  double outliers = 0;                   ///< share of slices that take twice as long
  double second = 0;                     ///< cost of being the second slice
  double drift = 0;                      ///< from one slice to the next
  double label = 0;                 ///< cost of being started as the candidate, whatever is started
  std::array<double, 2> failing{};  ///< share of the calls that fail, by Side
};

/// How pairs are made of it.
struct Practice {
  bool coin = true;  ///< else the baseline always comes first
  bool controls = true;
  bool know_order = true;  ///< else the judge is told the wrong order half of the time
  bool right_way = true;   ///< else baseline and candidate are mixed up
};

inline std::vector<CellInfo> cells_of(const World& world) {
  std::vector<CellInfo> cells;
  for (std::size_t i = 0; i < world.effects.size(); ++i)
    cells.push_back({.name = "cell" + std::to_string(i), .unit = "ns"});
  return cells;
}

inline Slice slice(std::vector<double> values) {
  return {.values = std::move(values), .calls = 100, .length = std::chrono::seconds(1)};
}

inline Pair pair(double baseline, double candidate) {
  return {.slices = {slice({baseline}), slice({candidate})}};
}

inline std::vector<CellInfo> one_cell() {
  return {{.name = "cell", .unit = "ns"}};
}

/// Makes pairs one by one.
class Measurement {
 public:
  Measurement(World world, Practice practice, const Rules& rules, std::uint64_t seed)
      : world_(std::move(world)), practice_(practice), rules_(rules), rng_(seed) {}

  Pair next(bool wants_control) {
    Pair pair;
    pair.number = ++number_;
    pair.control = wants_control || is_control_turn(number_ - 1, rules_);
    pair.candidate_first = practice_.coin && (rng_() >> 63) != 0;
    const Side first = pair.candidate_first ? Side::candidate : Side::baseline;
    const Side second = pair.candidate_first ? Side::baseline : Side::candidate;
    measure(pair, first, 0);
    measure(pair, second, world_.second);
    if (!practice_.know_order && (rng_() >> 63) != 0) pair.candidate_first = !pair.candidate_first;
    if (!practice_.right_way) std::swap(pair.slices[0], pair.slices[1]);
    return pair;
  }

 private:
  void measure(Pair& pair, Side side, double position) {
    level_ += world_.drift;
    const bool candidate = side == Side::candidate;
    Slice& slice = pair.of(side);
    slice.calls = 200;
    const double failing = world_.failing[candidate && !pair.control ? 1 : 0];
    if (failing > 0) slice.errors = std::binomial_distribution<std::uint64_t>(200, failing)(rng_);
    slice.length = std::chrono::seconds(1);
    for (const double effect : world_.effects) {
      double log = level_ + position + world_.noise * normal_(rng_);
      if (candidate) log += world_.label + (pair.control ? 0 : effect);
      if (std::bernoulli_distribution(world_.outliers)(rng_)) log += std::log(2);
      slice.values.push_back(1e6 * std::exp(log));
    }
  }

  const World world_;
  const Practice practice_;
  const Rules rules_;
  std::mt19937_64 rng_;
  std::normal_distribution<> normal_;
  std::uint64_t number_ = 0;
  double level_ = 0;
};

inline Decision decide(const World& world, const Practice& practice, Rules rules,
                       std::uint64_t seed) {
  if (!practice.controls) rules.control_every = 0;
  Measurement measurement(world, practice, rules, seed);
  Judge judge(cells_of(world), rules);
  while (judge.decision() == Decision::none) judge.add(measurement.next(judge.wants_control()));
  return judge.decision();
}

/// Share of `jobs` that end in `decision`.
inline double share_of(Decision decision, const World& world, const Practice& practice,
                       const Rules& rules, int jobs) {
  int hits = 0;
  for (int job = 0; job < jobs; ++job)
    hits += decide(world, practice, rules, 1000 + static_cast<std::uint64_t>(job)) == decision;
  return static_cast<double>(hits) / jobs;
}

}  // namespace atonce::gate::testing
