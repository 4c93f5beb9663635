#include "core/law.h"

#include <algorithm>
#include <boost/math/distributions/gamma.hpp>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace atonce {
namespace {

namespace math = boost::math;

// Double precision is plenty for nanoseconds; long double costs several times as much.
using Fast = math::policies::policy<math::policies::promote_double<false>,
                                    math::policies::overflow_error<math::policies::ignore_error>>;
using StandardNormal = math::normal_distribution<double, Fast>;
using GammaLaw = math::gamma_distribution<double, Fast>;

double standard_cdf(double x) {
  return math::cdf(StandardNormal{}, x);
}
double standard_quantile(double u) {
  return math::quantile(StandardNormal{}, u);
}

double mixture_cdf(const Mixture& law, double x) {
  return law.weight * cdf(law.modes[0], x) + (1 - law.weight) * cdf(law.modes[1], x);
}

/// The mixture's quantile lies between those of its modes; bisection keeps cdf(high) >= u.
double mixture_quantile(const Mixture& law, double u) {
  auto [low, high] = std::minmax({quantile(law.modes[0], u), quantile(law.modes[1], u)});
  if (mixture_cdf(law, low) >= u) return low;
  while (high - low > 1e-13 * high) {
    const double middle = low + (high - low) / 2;
    (mixture_cdf(law, middle) >= u ? high : low) = middle;
  }
  return high;
}

struct QuantileAt {
  double u;

  double operator()(const Fixed& law) const { return law.value; }
  double operator()(const Uniform& law) const { return law.low + u * (law.high - law.low); }
  double operator()(const Normal& law) const {
    const double kept = standard_cdf(law.mean / law.sd);  // P(X >= 0) before truncation
    return std::max(0.0, law.mean - law.sd * standard_quantile((1 - u) * kept));
  }
  double operator()(const Lognormal& law) const {
    return std::exp(law.mu + law.sigma * standard_quantile(u));
  }
  double operator()(const Exponential& law) const { return -law.mean * std::log1p(-u); }
  double operator()(const Gamma& law) const {
    return math::quantile(GammaLaw{law.shape, law.scale}, u);
  }
  double operator()(const Pareto& law) const {
    return law.minimum * std::pow(1 - u, -1 / law.alpha);
  }
  double operator()(const Empirical& law) const {
    const double place = u * static_cast<double>(law.quantiles.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    if (below + 1 >= law.quantiles.size()) return law.quantiles.back();
    return std::lerp(law.quantiles[below], law.quantiles[below + 1], place - std::floor(place));
  }
  double operator()(const Mixture& law) const { return mixture_quantile(law, u); }
};

struct CdfAt {
  double x;  // >= 0

  double operator()(const Fixed& law) const { return x >= law.value ? 1 : 0; }
  double operator()(const Uniform& law) const {
    if (x >= law.high) return 1;
    return x < law.low ? 0 : (x - law.low) / (law.high - law.low);
  }
  double operator()(const Normal& law) const {
    const double above = standard_cdf((law.mean - x) / law.sd);
    return 1 - above / standard_cdf(law.mean / law.sd);
  }
  double operator()(const Lognormal& law) const {
    const double deviation = std::log(x) - law.mu;
    if (law.sigma == 0) return deviation >= 0 ? 1 : 0;
    return standard_cdf(deviation / law.sigma);
  }
  double operator()(const Exponential& law) const { return -std::expm1(-x / law.mean); }
  double operator()(const Gamma& law) const { return math::cdf(GammaLaw{law.shape, law.scale}, x); }
  double operator()(const Pareto& law) const {
    return x < law.minimum ? 0 : 1 - std::pow(law.minimum / x, law.alpha);
  }
  double operator()(const Empirical& law) const {
    const auto above = std::ranges::upper_bound(law.quantiles, x);
    if (above == law.quantiles.end()) return 1;
    if (above == law.quantiles.begin()) return 0;
    const auto below = above - 1;
    const auto steps = static_cast<double>(below - law.quantiles.begin());
    return (steps + (x - *below) / (*above - *below)) /
           static_cast<double>(law.quantiles.size() - 1);
  }
  double operator()(const Mixture& law) const { return mixture_cdf(law, x); }
};

struct Mean {
  double operator()(const Fixed& law) const { return law.value; }
  double operator()(const Uniform& law) const { return (law.low + law.high) / 2; }
  double operator()(const Normal& law) const {
    const double at_zero = law.mean / law.sd;
    return law.mean + law.sd * math::pdf(StandardNormal{}, at_zero) / standard_cdf(at_zero);
  }
  double operator()(const Lognormal& law) const {
    return std::exp(law.mu + law.sigma * law.sigma / 2);
  }
  double operator()(const Exponential& law) const { return law.mean; }
  double operator()(const Gamma& law) const { return law.shape * law.scale; }
  double operator()(const Pareto& law) const {
    if (law.alpha <= 1) return std::numeric_limits<double>::infinity();
    return law.minimum * law.alpha / (law.alpha - 1);
  }
  double operator()(const Empirical& law) const {
    const auto& points = law.quantiles;
    if (points.size() == 1) return points.front();
    double sum = -(points.front() + points.back()) / 2;
    for (const double point : points) sum += point;
    return sum / static_cast<double>(points.size() - 1);
  }
  double operator()(const Mixture& law) const {
    return law.weight * mean(law.modes[0]) + (1 - law.weight) * mean(law.modes[1]);
  }
};

}  // namespace

double quantile(const Law& law, double u) {
  return std::visit(QuantileAt{u}, law);
}

double cdf(const Law& law, double x) {
  return x < 0 ? 0 : std::visit(CdfAt{x}, law);
}

double mean(const Law& law) {
  return std::visit(Mean{}, law);
}

Nanos draw(const Law& law, double u) {
  constexpr double one_day = 86'400e9;
  return Nanos{std::llround(std::clamp(quantile(law, u) * 1e9, 0.0, one_day))};
}

Lognormal lognormal_from_median_p99(double median, double p99) {
  if (!(0 < median && median <= p99 && std::isfinite(p99))) {
    throw std::invalid_argument("lognormal: expected 0 < median <= p99");
  }
  return {std::log(median), std::log(p99 / median) / standard_quantile(0.99)};
}

Empirical empirical_from_observations(std::vector<double> observed) {
  if (observed.empty()) throw std::invalid_argument("expected at least one observed value");
  std::ranges::sort(observed);
  return {std::move(observed)};
}

}  // namespace atonce
