#include "bench/gate/study/evidence_race.h"

#include <algorithm>
#include <cmath>

#include "bench/gate/thresholds.h"
#include "core/evidence.h"

namespace atonce::gate::study {
namespace {

constexpr double smallest_lambda = 0.5;
constexpr std::size_t bettors = 7;
constexpr double clip_at = 3;

template <class Rule>
struct CellRace {
  explicit CellRace(const Rules& rules)
      : worse(std::log1p(rules.tolerated)), sound(-std::log1p(rules.regression)) {}

  void add(double difference, bool candidate_first) {
    const double x = position.remove(difference, candidate_first);
    worse.add(x);
    sound.add(-x);
  }

  Rule worse, sound;
  PositionEffect position;
  bool passed = false;
};

template <class Rule>
class JobRace {
 public:
  JobRace(const std::vector<CellInfo>& cells, const Rules& rules)
      : cells_(cells), rules_(rules), races_(cells.size(), CellRace<Rule>(rules)) {}

  Decision add(const Pair& pair) {
    std::vector<double> worse;
    bool all_passed = true;
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      auto& cell = races_[i];
      cell.add(*difference(cells_[i], pair.of(Side::baseline), pair.of(Side::candidate), i),
               pair.candidate_first);
      worse.push_back(cell.worse.log_wealth());
      cell.passed |= cell.sound.log_wealth() >= enough_for_pass(rules_);
      all_passed &= cell.passed;
    }
    if (log_of_mean(worse) >= enough_for_fail(rules_)) return Decision::regression;
    return all_passed ? Decision::pass : Decision::none;
  }

 private:
  const std::vector<CellInfo>& cells_;
  const Rules& rules_;
  std::vector<CellRace<Rule>> races_;
};

template <class Rule>
Tally play(const Recording& recording, const Injection& injection, std::size_t jobs) {
  Tally tally;
  for (std::uint64_t job = 0; job < jobs; ++job) {
    JobRace<Rule> race(recording.record.cells, recording.rules);
    PairDraw draw(recording.pairs, job);
    Decision decision = Decision::none;
    std::size_t pairs = 0;
    while (decision == Decision::none && pairs < recording.rules.most_pairs) {
      Pair pair = draw.next();
      inject(pair, injection);
      decision = race.add(pair);
      ++pairs;
    }
    tally.count(decision, pairs);
  }
  return tally;
}

}  // namespace

ExponentialEvidence::ExponentialEvidence(double margin) : margin_(margin), log_wealth_(bettors) {}

void ExponentialEvidence::add(double difference) {
  const double size = std::abs(difference);
  if (!sizes_.empty()) {
    const double clip = clip_at * sizes_[sizes_.size() / 2];
    const double x = std::clamp(difference - margin_, -clip, clip);
    double lambda = smallest_lambda;
    for (double& log : log_wealth_) {
      log += lambda * x - lambda * lambda * x * x / 2;
      lambda *= 2;
    }
  }
  sizes_.insert(std::ranges::upper_bound(sizes_, size), size);
}

double ExponentialEvidence::log_wealth() const {
  return log_of_mean(log_wealth_);
}

std::vector<RaceResult> race(const Recording& recording, const Injection& injection,
                             std::size_t jobs) {
  return {{"the gate's bets", play<Evidence>(recording, injection, jobs)},
          {"exp(lx - l²x²/2), clipped", play<ExponentialEvidence>(recording, injection, jobs)}};
}

}  // namespace atonce::gate::study
