#pragma once
/// Evidence for and against an effect, from differences that come one by one, valid at every
/// moment.

#include <array>
#include <cstddef>
#include <span>

namespace atonce {

/// An e-process against "the effect is at most `margin`". Differences must be symmetric around the
/// effect, given all that came before: as those are of two measurements taken in an order that a
/// fair coin decided. Nothing else is assumed: not their law, nor its moments, nor that they are
/// independent or alike.
///
/// A bettor stakes the share h(x) = b tanh(lambda x), x = difference - margin, on the sign of x.
/// Given |x| the sign is a fair coin when the effect is the margin, so that the wealth, the product
/// of 1 + h(x), is a martingale; h is odd and never falls, so that it is a supermartingale when the
/// effect is smaller. Wealth starts at 1, so it ever reaches 1/alpha with probability alpha at
/// most, however long one looks and whenever one stops (Ville 1939; Ramdas et al., "Game-theoretic
/// statistics and safe anytime-valid inference", 2023). Wealth is the mean over a grid of lambda:
/// one of them suits the noise. As b < 1, a single outlier costs 3 nats and not everything.
class Evidence {
 public:
  explicit Evidence(double margin) : margin_(margin) {}

  void add(double difference);
  /// Natural logarithm of the wealth.
  double log_wealth() const;

 private:
  static constexpr std::size_t bettors = 9;

  double margin_;
  std::array<double, bettors> log_wealth_{};
};

/// Fewest differences after which the wealth can be so much: as many as it takes when every bettor
/// wins every stake.
std::size_t fewest_differences(double log_wealth);

/// An e-process against "shares are at most `most` on average, given all that came before". A
/// bettor stakes the share f of its wealth, which is multiplied by 1 + f (share / most - 1): by 1
/// on average when the mean is `most`, by less when it is smaller, whatever the law of the shares
/// is (Waudby-Smith and Ramdas, "Estimating means of bounded random variables by betting", 2024).
/// So it bears events that cluster within what is counted. Wealth is the mean over a grid of f.
class ShareEvidence {
 public:
  /// `most` is above 0.
  explicit ShareEvidence(double most) : most_(most) {}

  /// From 0 to 1.
  void add(double share);
  /// Natural logarithm of the wealth.
  double log_wealth() const;

 private:
  static constexpr std::array stakes{0.05, 0.2, 0.5, 0.9};

  double most_;
  std::array<double, stakes.size()> log_wealth_{};
};

/// Log wealth against "the effect is at most `margin`" after all of `differences`. It falls as
/// `margin` rises.
double log_evidence_above(std::span<const double> differences, double margin);
/// Likewise against "the effect is at least `margin`".
double log_evidence_below(std::span<const double> differences, double margin);

/// Effects that the differences do not speak against.
struct EffectInterval {
  double low = 0, high = 0;
};
/// A confidence sequence: with probability 1 - alpha the effect lies in the interval at all times
/// at once. Bounds are infinite while there is too little evidence.
EffectInterval confidence_sequence(std::span<const double> differences, double alpha);

/// The logarithm of the mean of the numbers whose logarithms these are, without overflow; 0 when
/// there are none.
double log_of_mean(std::span<const double> logs);

/// The median of all means of two differences, each with itself included: the centre of a symmetric
/// law, 95.5 % efficient under normal noise and indifferent to outliers (Hodges and Lehmann 1963).
/// 0 when there are none. Takes n^2 log n.
double hodges_lehmann(std::span<const double> differences);

}  // namespace atonce
