#include "bench/tune/objective.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <cstdlib>
#include <stdexcept>

#include "core/units.h"

namespace atonce::tune {
namespace {

[[noreturn]] void reject(const std::string& text, std::string_view why) {
  throw std::invalid_argument(fmt::format(
      "--slo '{}': {}; expected for example p99<=100ms, p95<=1.5s or errors<=0.1%", text, why));
}

double number_of(const std::string& text, const std::string& digits, std::string_view what) {
  char* end = nullptr;
  const double value = std::strtod(digits.c_str(), &end);
  if (digits.empty() || end != digits.c_str() + digits.size() || !std::isfinite(value))
    reject(text, fmt::format("'{}' is not a number for {}", digits, what));
  return value;
}

Slo errors_at_most(const std::string& text, std::string bound) {
  const bool percent = bound.ends_with('%');
  if (percent) bound.pop_back();
  const double share = number_of(text, bound, "a share of errors") / (percent ? 100 : 1);
  if (!(share >= 1e-5 && share <= 0.5))
    reject(text, "the share of errors lies between 0.001% and 50%: fewer could not be shown");
  return {.kind = Slo::Kind::errors, .quantile = 1 - share, .share = share, .text = text};
}

Slo latency_at_most(const std::string& text, const std::string& left, const std::string& bound) {
  const double percentile = number_of(text, left.substr(1), "a percentile");
  if (!(percentile >= 50 && percentile <= 99.99)) reject(text, "percentiles go from p50 to p99.99");
  Nanos limit{};
  try {
    limit = parse_duration(bound);
  } catch (const std::invalid_argument& error) {
    reject(text, error.what());
  }
  if (limit < std::chrono::microseconds(10)) reject(text, "the time is too short");
  return {.kind = Slo::Kind::latency,
          .quantile = percentile / 100,
          .limit = limit,
          .share = 1 - percentile / 100,
          .text = text};
}

constexpr std::array<std::string_view, 4> goals{"slo", "knee", "max-throughput", "goodput"};

}  // namespace

Slo parse_slo(const std::string& given) {
  std::string text;
  for (const char c : given)
    if (c != ' ') text += c;
  const auto sign = text.find("<=");
  if (sign == std::string::npos) reject(given, "there is no '<='");
  const std::string left = text.substr(0, sign), bound = text.substr(sign + 2);
  if (left == "errors") return errors_at_most(text, bound);
  if (left.starts_with('p')) return latency_at_most(text, left, bound);
  reject(given, fmt::format("'{}' is not known", left));
}

std::string_view name(Goal goal) {
  return goals[static_cast<std::size_t>(goal)];
}

double share_of_highest(Goal goal) {
  return goal == Goal::knee || goal == Goal::slo ? 0.95 : 0.98;
}

Goal goal_named(std::string_view wanted) {
  for (std::size_t i = 0; i < goals.size(); ++i)
    if (goals[i] == wanted) return static_cast<Goal>(i);
  throw std::invalid_argument(
      fmt::format("--objective: there is no '{}'; the objectives are: slo, knee, max-throughput, "
                  "goodput",
                  wanted));
}

}  // namespace atonce::tune
