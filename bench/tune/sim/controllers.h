#pragma once
/// Adaptive limits as libraries have them (concurrency-limits and others), a step per window.

#include <algorithm>
#include <cmath>

namespace atonce::tune::sim {

/// What a controller hears of a window of calls.
struct Window {
  double mean = 0, least = 0;  ///< response times in seconds
  bool bad = false;            ///< some call was late or failed
  double bad_share = 0;
};

/// One more after a window without bad calls, nine tenths after one with more than 1 %.
class Aimd {
 public:
  double limit() const { return limit_; }
  void step(const Window& window) { limit_ = window.bad_share > 0.01 ? 0.9 * limit_ : limit_ + 1; }

 private:
  double limit_ = 10;
};

/// The queue is limit * (1 - shortest time ever / time now); it is kept between 3 and 6 times the
/// limit's decimal logarithm.
class Vegas {
 public:
  double limit() const { return limit_; }
  void step(const Window& window) {
    least_ = least_ == 0 ? window.least : std::min(least_, window.least);
    const double queue = limit_ * (1 - least_ / std::max(window.mean, 1e-9));
    const double unit = std::max(1.0, std::log10(limit_));
    if (queue < 3 * unit) limit_ += unit;
    if (queue > 6 * unit) limit_ = std::max(1.0, limit_ - unit);
  }

 private:
  double limit_ = 10, least_ = 0;
};

/// The limit follows the ratio of a slow mean of response times to that of now, tolerating 1.5
/// times as long, and asks for sqrt(limit) more than it needs.
class Gradient2 {
 public:
  double limit() const { return limit_; }
  void step(const Window& window) {
    slow_ = slow_ == 0 ? window.mean : slow_ + (window.mean - slow_) / 30;
    if (slow_ > 2 * window.mean) slow_ *= 0.95;
    const double gradient = std::clamp(1.5 * slow_ / std::max(window.mean, 1e-9), 0.5, 1.0);
    const double wanted = limit_ * gradient + std::sqrt(limit_);
    limit_ = 0.8 * limit_ + 0.2 * wanted;
  }

 private:
  double limit_ = 10, slow_ = 0;
};

}  // namespace atonce::tune::sim
