#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>

#include "core/config.h"
#include "core/units.h"

namespace atonce {
namespace {

/// How the values of a law are written.
struct Quantity {
  std::string_view name;
  double (*of)(const ConfigNode& node);
  double (*of_text)(std::string_view text);
};

/// Not rounded to nanoseconds, as laws keep fractions of them.
double seconds(const ConfigNode& node) {
  node.duration();
  return parse_seconds(node.text());
}

double plain_number(const ConfigNode& node) {
  return node.number(0, 1e9);
}

double plain_number_of_text(std::string_view text) {
  double value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool is_number = error == std::errc{} && end == text.data() + text.size();
  if (!is_number) throw std::invalid_argument(fmt::format("expected a number, got '{}'", text));
  return value;
}

constexpr Quantity durations{"a duration such as 250ms", seconds, parse_seconds};
constexpr Quantity plain_numbers{"a number", plain_number, plain_number_of_text};

double positive(const ConfigNode& node) {
  return node.number(1e-6, 1e6);
}

Law read_uniform(const ConfigNode& node, const Quantity& quantity) {
  const auto bounds = node.is_list() ? node.items() : std::vector<ConfigNode>{};
  if (bounds.size() != 2) node.reject("two values [low, high]");
  return Uniform{quantity.of(bounds[0]), quantity.of(bounds[1])};
}

Law read_normal(const ConfigNode& node, const Quantity& quantity) {
  node.allow_only({"mean", "sd"});
  return Normal{quantity.of(node.at("mean")), quantity.of(node.at("sd"))};
}

Law read_lognormal(const ConfigNode& node, const Quantity& quantity) {
  node.allow_only({"median", "p99", "mu", "sigma"});
  const bool is_quoted = node.has("median") || node.has("p99");
  if (is_quoted && (node.has("mu") || node.has("sigma"))) {
    node.fail("expected either median and p99, or mu and sigma");
  }
  if (is_quoted)
    return lognormal_from_median_p99(quantity.of(node.at("median")), quantity.of(node.at("p99")));
  return Lognormal{node.at("mu").number(-50, 50), node.at("sigma").number(0, 50)};
}

Law read_exponential(const ConfigNode& node, const Quantity& quantity) {
  return Exponential{quantity.of(node)};
}

Law read_gamma(const ConfigNode& node, const Quantity& quantity) {
  node.allow_only({"shape", "scale"});
  return Gamma{positive(node.at("shape")), quantity.of(node.at("scale"))};
}

Law read_pareto(const ConfigNode& node, const Quantity& quantity) {
  node.allow_only({"minimum", "alpha"});
  return Pareto{quantity.of(node.at("minimum")), positive(node.at("alpha"))};
}

Law read_law(const ConfigNode& node, const Quantity& quantity);

Law read_bimodal(const ConfigNode& node, const Quantity& quantity) {
  node.allow_only({"first", "second", "weight"});
  return Mixture{node.at("weight").fraction(),
                 {read_law(node.at("first"), quantity), read_law(node.at("second"), quantity)}};
}

Law read_quantiles(const ConfigNode& node, const Quantity& quantity) {
  Empirical law;
  for (const ConfigNode& item : node.items()) law.quantiles.push_back(quantity.of(item));
  return law;
}

Law read_observed(const ConfigNode& node, const Quantity& quantity) {
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
      observed.push_back(quantity.of_text(line));
    } catch (const std::invalid_argument& error) {
      node.fail(fmt::format("{}:{}: {}", name, number, error.what()));
    }
  }
  return empirical_from_observations(std::move(observed));
}

Law read_fixed(const ConfigNode& node, const Quantity& quantity) {
  return Fixed{quantity.of(node)};
}

struct Form {
  std::string_view key;
  Law (*read)(const ConfigNode& node, const Quantity& quantity);
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

Law read_law(const ConfigNode& law, const Quantity& quantity) {
  if (law.is_scalar()) return read_fixed(law, quantity);
  if (!law.is_map()) law.reject(fmt::format("{}, or a mapping with one law", quantity.name));
  law.allow_only({"fixed", "uniform", "normal", "lognormal", "exponential", "gamma", "pareto",
                  "bimodal", "quantiles", "observed"});
  const auto chosen = law.entries();
  if (chosen.size() != 1) law.fail("expected exactly one law");
  const auto& [key, node] = chosen.front();
  const auto form = std::ranges::find(forms, key, &Form::key);
  try {
    Law result = form->read(node, quantity);
    check(result);
    return result;
  } catch (const std::invalid_argument& error) {
    node.fail(error.what());
  }
}

}  // namespace

Law ConfigNode::law() const {
  return read_law(*this, durations);
}

Law ConfigNode::number_law() const {
  return read_law(*this, plain_numbers);
}

}  // namespace atonce
