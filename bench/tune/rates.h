#pragma once
/// Throughput over the levels that were probed, and what it proves of the lowest one with nearly
/// the highest throughput: the knee.

#include <cstddef>
#include <map>
#include <optional>

#include "bench/tune/curve.h"

namespace atonce::tune {

/// The highest throughput is that of the best level, where throughput falls beyond it. Where it
/// does not, it is that of the last level, and, if levels go on there, what may still come: what is
/// missing is taken to shrink as 1/N at least, so that of a gain from N/4 to N no more than a third
/// is still to come.
class Rates {
 public:
  enum class Of : unsigned char { ok_calls, good_calls };

  /// Of the levels up to `top`, the highest one that is allowed.
  Rates(const Curve& curve, Of of, std::size_t top);

  struct Rate : Mean {
    Seconds measured{};
  };
  const std::map<std::size_t, Rate>& levels() const { return levels_; }
  /// The lowest one that is as good as the highest; on a plateau what is higher is so by chance.
  std::size_t best() const { return best_; }
  std::size_t last() const { return levels_.rbegin()->first; }
  /// Throughput is lower at the last level than at the best one.
  bool falls() const { return reference_ != last(); }
  /// What others are held against: the highest one, or, where throughput does not fall, the last.
  std::size_t reference() const { return reference_; }
  /// Throughput does not fall, and there are levels beyond the last one.
  bool goes_on() const { return !falls() && last() < top_; }
  /// Throughput as a share of that of the reference.
  double relative(std::size_t level) const;
  /// Lower than the reference, and, as far as can be seen, short of that share of it.
  bool is_short(std::size_t level, double share) const;
  /// The highest level up to a quarter of the last one; 0 where there is none yet.
  std::size_t seen_from() const { return seen_from_; }
  /// What may come beyond the last level, likewise as a share; nothing where that is not yet seen.
  std::optional<double> still_to_come() const;

  /// How surprising the blocks would be if `level` had just `share` of the highest throughput.
  Surprise surprise(std::size_t level, double share) const;
  /// Square of the relative error of the reference, if it were measured for a second.
  double variance() const;

 private:
  using Weights = std::map<std::size_t, double>;
  /// No error is less than what the blocks of all levels near the highest throughput show.
  void raise_errors(double highest);
  void find_best();
  double ratio_seen() const;
  /// P(a sum of throughputs is as high as it is, or higher) if it was 0.
  double above_zero(const Weights& weights) const;

  std::map<std::size_t, Rate> levels_;
  std::size_t top_ = 0, best_ = 0, reference_ = 0, seen_from_ = 0;
  double degrees_ = 0;  // of what is known of how blocks differ
};

}  // namespace atonce::tune
