#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>

#include "core/config.h"
#include "core/units.h"

namespace atonce {
namespace {

/// Not rounded to nanoseconds, as laws keep fractions of them.
double seconds(const ConfigNode& node) {
  node.duration();
  return parse_seconds(node.text());
}

double positive(const ConfigNode& node) {
  return node.number(1e-6, 1e6);
}

Law read_uniform(const ConfigNode& node) {
  const auto bounds = node.is_list() ? node.items() : std::vector<ConfigNode>{};
  if (bounds.size() != 2) node.reject("two durations [low, high]");
  return Uniform{seconds(bounds[0]), seconds(bounds[1])};
}

Law read_normal(const ConfigNode& node) {
  node.allow_only({"mean", "sd"});
  return Normal{seconds(node.at("mean")), seconds(node.at("sd"))};
}

Law read_lognormal(const ConfigNode& node) {
  node.allow_only({"median", "p99", "mu", "sigma"});
  const bool is_quoted = node.has("median") || node.has("p99");
  if (is_quoted && (node.has("mu") || node.has("sigma"))) {
    node.fail("expected either median and p99, or mu and sigma");
  }
  if (is_quoted)
    return lognormal_from_median_p99(seconds(node.at("median")), seconds(node.at("p99")));
  return Lognormal{node.at("mu").number(-50, 50), node.at("sigma").number(0, 50)};
}

Law read_exponential(const ConfigNode& node) {
  return Exponential{seconds(node)};
}

Law read_gamma(const ConfigNode& node) {
  node.allow_only({"shape", "scale"});
  return Gamma{positive(node.at("shape")), seconds(node.at("scale"))};
}

Law read_pareto(const ConfigNode& node) {
  node.allow_only({"minimum", "alpha"});
  return Pareto{seconds(node.at("minimum")), positive(node.at("alpha"))};
}

Law read_bimodal(const ConfigNode& node) {
  node.allow_only({"first", "second", "weight"});
  return Mixture{node.at("weight").fraction(), {node.at("first").law(), node.at("second").law()}};
}

Law read_quantiles(const ConfigNode& node) {
  Empirical law;
  for (const ConfigNode& item : node.items()) law.quantiles.push_back(seconds(item));
  return law;
}

Law read_observed(const ConfigNode& node) {
  const std::string name = node.beside(node.text());
  std::ifstream file(name);
  if (!file) node.fail(fmt::format("cannot read '{}'", name));
  std::vector<double> observed;
  std::size_t number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    if (line.find_first_not_of(" \t\r") == std::string::npos || line.front() == '#') continue;
    if (line.back() == '\r') line.pop_back();
    try {
      observed.push_back(parse_seconds(line));
    } catch (const std::invalid_argument& error) {
      node.fail(fmt::format("{}:{}: {}", name, number, error.what()));
    }
  }
  return empirical_from_observations(std::move(observed));
}

Law read_fixed(const ConfigNode& node) {
  return Fixed{seconds(node)};
}

struct Form {
  std::string_view key;
  Law (*read)(const ConfigNode& node);
};

constexpr std::array forms = {Form{"fixed", read_fixed},
                              Form{"uniform", read_uniform},
                              Form{"normal", read_normal},
                              Form{"lognormal", read_lognormal},
                              Form{"exponential", read_exponential},
                              Form{"gamma", read_gamma},
                              Form{"pareto", read_pareto},
                              Form{"bimodal", read_bimodal},
                              Form{"quantiles", read_quantiles},
                              Form{"observed", read_observed}};

}  // namespace

Law ConfigNode::law() const {
  if (is_scalar()) return read_fixed(*this);
  if (!is_map()) reject("a duration such as 250ms, or a mapping with one law");
  allow_only({"fixed", "uniform", "normal", "lognormal", "exponential", "gamma", "pareto",
              "bimodal", "quantiles", "observed"});
  const auto chosen = entries();
  if (chosen.size() != 1) fail("expected exactly one law");
  const auto& [key, node] = chosen.front();
  const auto form = std::ranges::find(forms, key, &Form::key);
  try {
    Law law = form->read(node);
    check(law);
    return law;
  } catch (const std::invalid_argument& error) {
    node.fail(error.what());
  }
}

}  // namespace atonce
