#include "core/drift.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace atonce {
namespace {

/// Logarithms: a change by a factor is the same at every scale, and outliers weigh less.
using Course = std::array<double, course_parts>;

const double least_change = std::log(1.2);

/// Calibrated on autoregressive noise and on queues; tests/core/drift_test.cpp holds them to it.
constexpr double nearly_all_pairs = 0.85;
constexpr double clear_of_a_part = 1.5;
constexpr double clear_of_the_end = 4;
constexpr std::size_t smallest_part = 3;
constexpr std::size_t first_tenth = course_parts / 10;

double median(std::span<const double> values) {
  std::vector<double> sorted(values.begin(), values.end());
  std::ranges::sort(sorted);
  const std::size_t half = sorted.size() / 2;
  return sorted.size() % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

struct Range {
  double low, high;
  double width() const { return high - low; }
};

Range range(std::span<const double> values) {
  const auto [low, high] = std::ranges::minmax(values);
  return {low, high};
}

Nanos time(double logarithm) {
  return Nanos{std::llround(std::exp(logarithm))};
}

/// Mann and Kendall's test, and Theil and Sen's slope. Noise with a memory makes pairs agree by
/// chance far more often than independent noise does, hence the high bar.
std::optional<Drift> trend(const Course& course) {
  double agreement = 0;
  std::vector<double> slopes;
  for (std::size_t i = 0; i < course.size(); ++i)
    for (std::size_t j = i + 1; j < course.size(); ++j) {
      agreement += (course[j] > course[i]) - (course[j] < course[i]);
      slopes.push_back((course[j] - course[i]) / static_cast<double>(j - i));
    }
  const double tau = std::abs(agreement) / static_cast<double>(slopes.size());
  const double change = std::abs(median(slopes)) * static_cast<double>(course.size() - 1);
  if (tau <= nearly_all_pairs || change <= least_change) return {};
  return Drift{.kind = Drift::Kind::trend, .from = time(course.front()), .to = time(course.back())};
}

/// Two parts that do not overlap, with a gap between them that is wider than either.
std::optional<Drift> step(std::span<const double> course) {
  for (std::size_t i = smallest_part; i + smallest_part <= course.size(); ++i) {
    const auto first = course.first(i), second = course.subspan(i);
    const Range before = range(first), after = range(second);
    const double gap = std::max(after.low - before.high, before.low - after.high);
    if (gap <= least_change) continue;
    if (gap <= clear_of_a_part * std::max(before.width(), after.width())) continue;
    return Drift{.kind = Drift::Kind::step,
                 .from = time(median(first)),
                 .to = time(median(second)),
                 .at = static_cast<double>(i) / static_cast<double>(course.size())};
  }
  return {};
}

/// What a warm-up looks like that was not left out.
std::optional<Drift> start(std::span<const double> course) {
  const auto end = course.last(course.size() / 2);
  const double usual = median(end);
  const Range first = range(course.first(first_tenth));
  const double distance = std::max(first.low - usual, usual - first.high);
  if (distance <= least_change || distance <= clear_of_the_end * range(end).width()) return {};
  return Drift{.kind = Drift::Kind::start, .from = time(course.front()), .to = time(usual)};
}

}  // namespace

std::optional<Drift> find_drift(std::span<const Nanos> course) {
  if (course.size() != course_parts) return {};
  Course logarithms{};
  std::ranges::transform(course, logarithms.begin(), [](Nanos value) {
    return std::log(static_cast<double>(std::max(value, Nanos{1}).count()));
  });
  if (const auto found = step(logarithms)) return found;
  if (const auto found = trend(logarithms)) return found;
  return start(logarithms);
}

}  // namespace atonce
