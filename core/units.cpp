#include "core/units.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <stdexcept>

#include "core/policy.h"

namespace atonce {
namespace {

struct Unit {
  std::string_view name;
  double size;
};

constexpr std::array time_units = {Unit{"ns", 1e-9}, Unit{"us", 1e-6}, Unit{"ms", 1e-3},
                                   Unit{"s", 1.0},   Unit{"m", 60.0},  Unit{"min", 60.0},
                                   Unit{"h", 3600.0}};

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::optional<double> unit_size(std::string_view name, bool value_is_zero) {
  if (name.empty() && value_is_zero) return 1.0;
  for (const Unit& unit : time_units) {
    if (unit.name == name) return unit.size;
  }
  return {};
}

/// Three significant digits without an exponent, for 0 <= value < 1024.
std::string three_digits(double value) {
  const int decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
  return fmt::format("{:.{}f}", value, decimals);
}

/// `value` in the largest of `units` (ascending) in which it is at least 1 once rounded.
template <std::size_t count>
std::string in_fitting_unit(double value, const std::array<Unit, count>& units) {
  const double magnitude = std::abs(value);
  const Unit* fitting = &units.front();
  for (const Unit& unit : units) {
    if (magnitude >= 0.9995 * unit.size) fitting = &unit;
  }
  return fmt::format("{}{}{}", value < 0 ? "-" : "", three_digits(magnitude / fitting->size),
                     fitting->name);
}

}  // namespace

double parse_seconds(std::string_view text) {
  const std::string_view whole = trimmed(text);
  double value = 0;
  const auto [end, error] = std::from_chars(whole.data(), whole.data() + whole.size(), value);
  const auto digits = static_cast<std::size_t>(end - whole.data());
  const auto size = unit_size(trimmed(whole.substr(digits)), value == 0);
  if (error != std::errc{} || !std::isfinite(value) || !size) {
    throw std::invalid_argument(fmt::format(
        "expected a duration with a unit, such as 250ms, 1.5s or 20us, got '{}'", text));
  }
  return value * *size;
}

Nanos parse_duration(std::string_view text) {
  const double nanos = std::round(parse_seconds(text) * 1e9);
  if (std::abs(nanos) >= 0x1p63) {
    throw std::invalid_argument(fmt::format("expected a duration under 292 years, got '{}'", text));
  }
  return Nanos{static_cast<std::int64_t>(nanos)};
}

std::string format_duration(Nanos value) {
  const auto nanos = static_cast<double>(value.count());
  if (std::abs(nanos) < 1e3) return fmt::format("{} ns", value.count());
  static constexpr std::array units = {Unit{" us", 1e3}, Unit{" ms", 1e6}, Unit{" s", 1e9}};
  if (std::abs(nanos) < 999.5e9) return in_fitting_unit(nanos, units);
  return fmt::format("{:.0f} s", nanos * 1e-9);
}

std::string format_count(double value) {
  static constexpr std::array units = {Unit{"", 1}, Unit{"k", 1e3}, Unit{"M", 1e6}, Unit{"G", 1e9},
                                       Unit{"T", 1e12}};
  return in_fitting_unit(value, units);
}

std::string format_bytes(double value) {
  if (std::abs(value) < 1023.5) return fmt::format("{:.0f} B", value);
  static constexpr std::array units = {Unit{" KiB", 0x1p10}, Unit{" MiB", 0x1p20},
                                       Unit{" GiB", 0x1p30}, Unit{" TiB", 0x1p40}};
  return in_fitting_unit(value, units);
}

std::string format_limit(std::size_t value) {
  return value == unlimited ? "unlimited" : std::to_string(value);
}

std::size_t parse_limit(std::string_view text) {
  if (text == "unlimited") return unlimited;
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value == 0) {
    throw std::invalid_argument(
        fmt::format("expected a whole number from 1 up, or 'unlimited', got '{}'", text));
  }
  return value;
}

}  // namespace atonce
