#pragma once
/// Probability laws of a duration: what a latency, a gap between arrivals or a token gap follows.
/// Where said, of a plain number instead: then a second stands for 1.

#include <string>
#include <variant>
#include <vector>

#include "core/clock.h"

namespace atonce {

/// All parameters of the laws are durations in seconds (double), or pure numbers where said.
struct Fixed {
  double value = 0;
};
struct Uniform {
  double low = 0, high = 0;
};
/// Normal truncated at 0: the conditional law given a value >= 0.
struct Normal {
  double mean = 0, sd = 0;
};
/// ln(duration / 1 s) is normal with mean `mu` and standard deviation `sigma`.
struct Lognormal {
  double mu = 0, sigma = 0;
};
struct Exponential {
  double mean = 0;
};
/// `shape` k is a pure number; mean = shape * scale.
struct Gamma {
  double shape = 1, scale = 0;
};
/// P(X > x) = (minimum / x)^alpha for x >= minimum; `alpha` is a pure number.
struct Pareto {
  double minimum = 0, alpha = 2;
};
/// Quantiles at equal steps of probability, first = 0, last = 1, interpolated linearly.
struct Empirical {
  std::vector<double> quantiles;
};

struct Mixture;
using Law =
    std::variant<Fixed, Uniform, Normal, Lognormal, Exponential, Gamma, Pareto, Empirical, Mixture>;

/// With probability `weight` a draw from `first`, else from `second` (a bimodal service).
struct Mixture {
  double weight = 0.5;
  std::vector<Law> modes;  ///< exactly two, neither of them a mixture
};

/// A lognormal law given the way people quote latencies. Throws std::invalid_argument unless
/// 0 < median <= p99.
Lognormal lognormal_from_median_p99(double median, double p99);

/// Sorts observed durations (seconds) into an empirical law; throws std::invalid_argument when
/// empty.
Empirical empirical_from_observations(std::vector<double> observed);

/// The smallest duration x (seconds) with cdf(x) >= u, for u in (0, 1).
double quantile(const Law& law, double u);
/// P(X <= x), x in seconds.
double cdf(const Law& law, double x);
/// Expected value in seconds; infinity for a Pareto law with alpha <= 1.
double mean(const Law& law);

/// The law of `factor * X`.
Law scaled(const Law& law, double factor);

/// For example "uniform 250 ms .. 750 ms".
std::string describe(const Law& law);

/// quantile() rounded to nanoseconds, at least 0 and at most one day.
Nanos draw(const Law& law, double u);

/// Throws std::invalid_argument with a sentence that names the wrong parameter.
void check(const Law& law);

}  // namespace atonce
