#pragma once
/// Which evidence decides sooner: the gate's, or that of the usual exponential supermartingale.

#include <cstddef>
#include <string_view>
#include <vector>

#include "bench/gate/study/recording.h"

namespace atonce::gate::study {

/// E exp(l x - l^2 x^2 / 2) <= 1 for a symmetric x (de la Pena 1999), averaged over l = 1/2, 1, ...
/// 32, of differences that are clipped at three times the median of the earlier ones' sizes.
class ExponentialEvidence {
 public:
  explicit ExponentialEvidence(double margin);

  void add(double difference);
  double log_wealth() const;

 private:
  double margin_;
  std::vector<double> sizes_;  // of the differences, in rising order
  std::vector<double> log_wealth_;
};

struct RaceResult {
  std::string_view rule;
  Tally tally;
};
/// Jobs without control pairs, decided by either rule on the same draws.
std::vector<RaceResult> race(const Recording& recording, const Injection& injection,
                             std::size_t jobs);

}  // namespace atonce::gate::study
