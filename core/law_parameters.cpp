/// What can be said of a law from its parameters alone.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "core/law.h"
#include "core/units.h"

namespace atonce {
namespace {

std::string shown(double seconds) {
  return format_duration(Nanos{std::llround(std::min(seconds * 1e9, 9e18))});
}

void require(bool holds, const char* sentence) {
  if (!holds) throw std::invalid_argument(sentence);
}

bool is_duration(double seconds) {
  return std::isfinite(seconds) && seconds >= 0;
}
bool is_positive(double number) {
  return std::isfinite(number) && number > 0;
}

struct ScaledBy {
  double factor;

  Law operator()(const Fixed& law) const { return Fixed{law.value * factor}; }
  Law operator()(const Uniform& law) const { return Uniform{law.low * factor, law.high * factor}; }
  Law operator()(const Normal& law) const { return Normal{law.mean * factor, law.sd * factor}; }
  Law operator()(const Lognormal& law) const {
    return Lognormal{law.mu + std::log(factor), law.sigma};
  }
  Law operator()(const Exponential& law) const { return Exponential{law.mean * factor}; }
  Law operator()(const Gamma& law) const { return Gamma{law.shape, law.scale * factor}; }
  Law operator()(const Pareto& law) const { return Pareto{law.minimum * factor, law.alpha}; }
  Law operator()(Empirical law) const {
    for (double& point : law.quantiles) point *= factor;
    return law;
  }
  Law operator()(Mixture law) const {
    for (Law& mode : law.modes) mode = scaled(mode, factor);
    return law;
  }
};

struct Describe {
  std::string operator()(const Fixed& law) const { return "fixed " + shown(law.value); }
  std::string operator()(const Uniform& law) const {
    return fmt::format("uniform {} .. {}", shown(law.low), shown(law.high));
  }
  std::string operator()(const Normal& law) const {
    return fmt::format("normal, mean {}, sd {}, not below 0", shown(law.mean), shown(law.sd));
  }
  std::string operator()(const Lognormal& law) const {
    return fmt::format("lognormal, median {}, p99 {}", shown(std::exp(law.mu)),
                       shown(quantile(law, 0.99)));
  }
  std::string operator()(const Exponential& law) const {
    return "exponential, mean " + shown(law.mean);
  }
  std::string operator()(const Gamma& law) const {
    return fmt::format("gamma, shape {:g}, scale {}", law.shape, shown(law.scale));
  }
  std::string operator()(const Pareto& law) const {
    return fmt::format("pareto, minimum {}, alpha {:g}", shown(law.minimum), law.alpha);
  }
  std::string operator()(const Empirical& law) const {
    return fmt::format("{} observed quantiles, {} .. {}", law.quantiles.size(),
                       shown(law.quantiles.front()), shown(law.quantiles.back()));
  }
  std::string operator()(const Mixture& law) const {
    return fmt::format("{:g} x ({}), else ({})", law.weight, describe(law.modes[0]),
                       describe(law.modes[1]));
  }
};

struct Check {
  void operator()(const Fixed& law) const {
    require(is_duration(law.value), "fixed: expected a duration of 0 or more");
  }
  void operator()(const Uniform& law) const {
    require(is_duration(law.low) && is_duration(law.high) && law.low <= law.high,
            "uniform: expected 0 <= low <= high");
  }
  void operator()(const Normal& law) const {
    require(is_duration(law.mean), "normal: expected a mean of 0 or more");
    require(is_positive(law.sd), "normal: expected an sd above 0");
  }
  void operator()(const Lognormal& law) const {
    require(std::isfinite(law.mu), "lognormal: expected a finite mu");
    require(is_duration(law.sigma), "lognormal: expected a sigma of 0 or more");
  }
  void operator()(const Exponential& law) const {
    require(is_positive(law.mean), "exponential: expected a mean above 0");
  }
  void operator()(const Gamma& law) const {
    require(is_positive(law.shape), "gamma: expected a shape above 0");
    require(is_positive(law.scale), "gamma: expected a scale above 0");
  }
  void operator()(const Pareto& law) const {
    require(is_positive(law.minimum), "pareto: expected a minimum above 0");
    require(is_positive(law.alpha), "pareto: expected an alpha above 0");
  }
  void operator()(const Empirical& law) const {
    require(!law.quantiles.empty(), "quantiles: expected at least one");
    require(std::ranges::is_sorted(law.quantiles), "quantiles: expected them in ascending order");
    require(std::ranges::all_of(law.quantiles, is_duration),
            "quantiles: expected durations of 0 or more");
  }
  void operator()(const Mixture& law) const {
    require(law.weight >= 0 && law.weight <= 1, "bimodal: expected a weight from 0 to 1");
    require(law.modes.size() == 2, "bimodal: expected two modes");
    for (const Law& mode : law.modes) {
      require(!std::holds_alternative<Mixture>(mode), "bimodal: a mode cannot be bimodal itself");
      check(mode);
    }
  }
};

}  // namespace

Law scaled(const Law& law, double factor) {
  return std::visit(ScaledBy{factor}, law);
}

std::string describe(const Law& law) {
  return std::visit(Describe{}, law);
}

void check(const Law& law) {
  std::visit(Check{}, law);
}

}  // namespace atonce
