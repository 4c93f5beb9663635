/// Single values of a configuration: numbers, durations, limits.

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "core/config.h"
#include "core/units.h"

namespace atonce {
namespace {

template <typename Number>
std::optional<Number> whole_text_as(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return {};
  return value;
}

}  // namespace

bool ConfigNode::flag() const {
  const std::string word = text();
  if (word != "true" && word != "false") reject("true or false");
  return word == "true";
}

double ConfigNode::number(double low, double high) const {
  const auto value = whole_text_as<double>(text());
  const bool is_in_range = value && *value >= low && *value <= high;  // false for NaN
  if (!is_in_range) reject(fmt::format("a number from {:g} to {:g}", low, high));
  return *value;
}

std::uint64_t ConfigNode::count(std::uint64_t low, std::uint64_t high) const {
  const auto value = whole_text_as<std::uint64_t>(text());
  if (!value || *value < low || *value > high) {
    reject(fmt::format("a whole number from {} to {}", low, high));
  }
  return *value;
}

Nanos ConfigNode::duration() const {
  const std::string words = text();
  Nanos value{};
  try {
    value = parse_duration(words);
  } catch (const std::invalid_argument& error) {
    fail(error.what());
  }
  if (value < Nanos::zero()) reject("a duration of 0 or more");
  return value;
}

std::size_t ConfigNode::limit() const {
  const std::string words = text();
  try {
    return parse_limit(words);
  } catch (const std::invalid_argument& error) {
    fail(error.what());
  }
}

double ConfigNode::fraction() const {
  const std::string words = text();
  const bool is_percent = words.ends_with('%');
  const auto digits = std::string_view(words).substr(0, words.size() - (is_percent ? 1 : 0));
  const auto value = whole_text_as<double>(digits);
  const double whole = is_percent ? 100 : 1;
  const bool is_in_range = value && *value >= 0 && *value <= whole;
  if (!is_in_range) reject("a share such as 0.25 or 25%");
  return *value / whole;
}

double ConfigNode::rate() const {
  const double value = rate_or_zero();
  if (value == 0) reject("a rate above 0 such as 100/s or 30/min");
  return value;
}

double ConfigNode::rate_or_zero() const {
  const std::string words = text();
  const auto slash = words.find('/');
  const auto per = slash == std::string::npos ? "" : words.substr(slash + 1);
  const double seconds = per == "s" ? 1 : per == "min" || per == "m" ? 60 : per == "h" ? 3600 : 0;
  const auto value = whole_text_as<double>(std::string_view(words).substr(0, slash));
  const bool is_zero = value && *value == 0 && slash == std::string::npos;
  const bool is_rate = value && seconds > 0 && *value >= 0 && std::isfinite(*value);
  if (!is_rate && !is_zero) reject("a rate such as 100/s or 30/min");
  return is_zero ? 0 : *value / seconds;
}

}  // namespace atonce
