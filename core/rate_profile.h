#pragma once
/// How the rate of a load changes over time: steps, ramps, pauses, bursts that come again.

#include <span>
#include <vector>

#include "core/clock.h"

namespace atonce {

/// A stretch of time in which the rate goes from one value to the other in a straight line.
struct RateStage {
  double from = 0, to = 0;  ///< per second
  Nanos span{};
};

/// The rate at every time from 0 on, per second.
class RateProfile {
 public:
  enum class Afterwards : unsigned char {
    last_rate,  ///< the last stage's `to` goes on for ever
    again,      ///< the stages repeat for ever
  };

  /// The same rate for ever.
  RateProfile(double rate = 0);  // NOLINT(google-explicit-constructor): a number is a profile
  RateProfile(const std::vector<RateStage>& stages, Afterwards afterwards);

  /// Throws std::invalid_argument unless all rates are finite and not negative, one of them is
  /// above 0, and every stage takes time.
  void check() const;

  /// It has stages, which may differ.
  bool varies() const { return !pieces_.empty(); }
  double peak() const { return peak_; }  ///< the highest rate
  /// How many are due before `end` on average: the integral of the rate.
  double expected(Nanos end) const;

  /// When that is due which would be due `at_peak` seconds after the start if the rate was always
  /// peak(): the time at which the integral of the rate exceeds at_peak * peak(), rounded to a
  /// nanosecond. Never in a stretch without rate: what falls on its edge comes after it.
  /// `unlimited_time` when there is no such time, or it is centuries away.
  Nanos due(long double at_peak) const;

  /// All times multiplied by `factor`, all rates divided by it.
  RateProfile stretched(double factor) const;

 private:
  /// Work is time at the peak rate, in nanoseconds: a stage of half that rate does half its span.
  struct Piece {
    RateStage stage;
    Nanos begin{};
    long double work_before = 0, work = 0;
  };

  Nanos length() const;
  long double total_work() const;
  long double work_until(Nanos end) const;
  long double offset(const Piece& piece, long double work) const;
  Nanos due_within(Nanos begin, long double work) const;
  Nanos due_afterwards(Nanos begin, long double work) const;

  std::vector<Piece> pieces_;
  Afterwards afterwards_ = Afterwards::last_rate;
  double last_rate_ = 0, peak_ = 0;
};

}  // namespace atonce
