/// A process says when sessions would be due if the rate was always the highest of its profile; the
/// profile then stretches time where the rate is lower. One sum from 0 on, which nothing resets:
/// neither a stage nor a burst drops the part of a gap that reaches over its end.

#include "core/open_load.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "core/law.h"
#include "core/random.h"

namespace atonce {
namespace {

constexpr Nanos latest_due = std::chrono::hours(24 * 365);

/// When sessions are due that a rate and the seed decide on.
class Process {
 public:
  Process(const Load& load, std::uint64_t seed)
      : load_(load), gaps_(gamma_gaps(load.burstiness)), peak_(load.rate.peak()), seed_(seed) {}

  /// Asked for in order of `index`, from 0.
  Nanos due(std::uint64_t index) {
    // Rounding in a ramp's square root could put one a nanosecond before the last.
    return last_ = std::max(last_, load_.rate.due(at_peak(index)));
  }

 private:
  /// Seconds from the start if the rate was always the highest.
  long double at_peak(std::uint64_t index) {
    switch (load_.shape) {
      case LoadShape::poisson:
        return sum_ -= std::log1p(-static_cast<long double>(u(index))) / peak_;
      case LoadShape::gamma:
        return sum_ += quantile(gaps_, u(index)) / static_cast<long double>(peak_);
      case LoadShape::jitter:
        return (index + load_.jitter * static_cast<long double>(u(index))) / peak_;
      default:
        return index / static_cast<long double>(peak_);
    }
  }

  /// Mean 1, and a standard deviation of `burstiness`.
  static Law gamma_gaps(double burstiness) {
    const double variance = burstiness * burstiness;
    return Gamma{.shape = 1 / variance, .scale = variance};
  }

  double u(std::uint64_t index) const { return uniform01(seed_, index, Stream::arrival); }

  const Load& load_;
  const Law gaps_;
  const double peak_;
  const std::uint64_t seed_;
  long double sum_ = 0;
  Nanos last_{};
};

std::uint64_t most_arrivals(const Load& load) {
  const std::uint64_t bound = load.sessions == 0 ? UINT64_MAX : load.sessions;
  return load.shape == LoadShape::trace ? std::min<std::uint64_t>(bound, load.trace.size()) : bound;
}

}  // namespace

bool has_rate(LoadShape shape) {
  return shape == LoadShape::constant || shape == LoadShape::poisson || shape == LoadShape::gamma ||
         shape == LoadShape::jitter;
}

std::vector<Arrival> open_arrivals(const Load& load, std::uint64_t seed) {
  std::vector<Arrival> arrivals;
  Process process(load, seed);
  const std::uint64_t most = most_arrivals(load);
  while (arrivals.size() < most) {
    const Nanos due =
        load.shape == LoadShape::trace ? load.trace[arrivals.size()] : process.due(arrivals.size());
    if (load.duration > Nanos{} && due >= load.duration) break;
    if (due > latest_due)
      throw std::invalid_argument("the last arrival would be more than a year away, or never");
    arrivals.push_back({.due = due});
  }
  return arrivals;
}

}  // namespace atonce
