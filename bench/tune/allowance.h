#pragma once
/// How often verdicts may be wrong, shared out.

#include <cstddef>
#include <map>

#include "bench/tune/tuning.h"

namespace atonce::tune {

/// The two ways to be wrong, `meets` where it is not so and `misses` where it is not so, have half
/// of the error each. Of a half, verdicts that are sought have shares of 0.6, 0.2, 0.07, ... in the
/// order in which they are first sought, and what is noticed by the way has 1/20, 1/40, ... Of a
/// share the first look has 0.6, later ones 0.2, 0.1, 0.05, ... So however many looks are taken at
/// however many levels, they spend no more than all of it.
class Allowance {
 public:
  explicit Allowance(double error) : half_(error / 2) {}

  /// From now on a verdict of that kind is sought of that level. The first call counts.
  void seek(std::size_t level, Standing kind);
  /// The p-value that is enough at a look that is taken now, which spends it. `sought`: of the
  /// share of verdicts that are sought, if that one is; else of that of what is noticed.
  double spend(std::size_t level, Standing kind, bool sought);
  /// By all looks so far.
  double spent() const { return spent_; }

 private:
  struct Account {
    double share = 0;
    std::size_t looks = 0;
  };
  struct Accounts {
    std::map<std::size_t, Account> of;
    double next;
    double shrinks;
    Account& open(std::size_t level);
  };
  struct Kind {
    Accounts sought{.of = {}, .next = 0.6, .shrinks = 3};
    Accounts noticed{.of = {}, .next = 0.05, .shrinks = 2};
  };
  Kind& kind_of(Standing kind) { return kind == Standing::meets ? meets_ : misses_; }

  double half_;
  double spent_ = 0;
  Kind meets_, misses_;
};

}  // namespace atonce::tune
