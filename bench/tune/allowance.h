#pragma once
/// How often verdicts may be wrong, shared out.

#include <cstddef>
#include <map>
#include <set>

#include "bench/tune/tuning.h"

namespace atonce::tune {

/// Verdicts of a level are sought so many times at most.
inline constexpr std::size_t most_looks = 4;

/// The two ways to be wrong, `meets` above the boundary and `misses` below it, have half of the
/// error each. Of a half, verdicts that are sought have shares of 0.6, 0.2, 0.07, ... in the order
/// in which they are first sought, and what is noticed by the way has 1/20, 1/40, ...: together no
/// more than all of it. Of a level's share the first look has 0.6, and the others what is left.
class Allowance {
 public:
  explicit Allowance(double error) : half_(error / 2) {}

  /// From now on a verdict of that kind is sought of that level. The first call counts.
  void seek(std::size_t level, Standing kind);
  /// The p-value that is enough at that look, from 0.
  double at(std::size_t level, Standing kind, std::size_t look);

 private:
  struct Shares {
    std::map<std::size_t, double> of;
    std::set<std::size_t> sought;
    double next_sought = 0.6, next_noticed = 0.05;
  };
  Shares& shares(Standing kind) { return kind == Standing::meets ? meets_ : misses_; }

  double half_;
  Shares meets_, misses_;
};

}  // namespace atonce::tune
