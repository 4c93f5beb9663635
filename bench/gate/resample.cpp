#include "bench/gate/resample.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>
#include <vector>

#include "bench/gate/thresholds.h"
#include "core/evidence.h"
#include "core/random.h"

namespace atonce::gate {
namespace {

constexpr std::size_t jobs = 200;
constexpr std::size_t most_missed = 2;  // 1 %
constexpr std::size_t most_pairs = 300;
constexpr std::size_t fewest_differences = 5;
constexpr double largest_effect = 4;  // 55 times as much

std::size_t draw(std::uint64_t job, std::uint64_t pair, std::size_t count) {
  return hash(job, pair, Stream::resampling) % count;
}

bool detected(std::span<const double> noise, double effect, double margin, double enough,
              std::size_t job, std::size_t pairs) {
  Evidence evidence(margin);
  for (std::size_t pair = 0; pair < pairs; ++pair) {
    evidence.add(effect + noise[draw(job, pair, noise.size())]);
    if (evidence.log_wealth() >= enough) return true;
  }
  return false;
}

double sum_with_signs(std::span<const double> values, std::uint64_t signs, std::uint64_t draws) {
  double sum = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i % 64 == 0 && draws > 0) signs = hash(draws, i, Stream::resampling);
    sum += (signs >> (i % 64) & 1) != 0 ? values[i] : -values[i];
  }
  return sum;
}

}  // namespace

double smallest_detectable(std::span<const double> differences, const Rules& rules,
                           std::size_t cells, std::size_t pairs) {
  constexpr double none = std::numeric_limits<double>::infinity();
  if (differences.size() < fewest_differences) return none;
  const double centre = hodges_lehmann(differences);
  std::vector<double> noise;
  for (const double difference : differences) noise.push_back(difference - centre);

  pairs = std::min(pairs, most_pairs);
  const double margin = std::log1p(rules.tolerated);
  const double enough = enough_for_fail(rules) + std::log(static_cast<double>(cells));
  const auto suffices = [&](double effect) {
    std::size_t missed = 0;
    for (std::size_t job = 0; job < jobs && missed <= most_missed; ++job)
      if (!detected(noise, effect, margin, enough, job, pairs)) ++missed;
    return missed <= most_missed;
  };
  if (!suffices(largest_effect)) return none;
  double low = margin, high = margin + 0.01;
  while (!suffices(high)) low = std::exchange(high, std::min(largest_effect, 2 * high));
  while (high - low > 0.001) {
    const double middle = std::midpoint(low, high);
    (suffices(middle) ? high : low) = middle;
  }
  return std::expm1(high);
}

double sign_flip_p(std::span<const double> differences, double margin) {
  constexpr std::size_t most_exact = 14;
  constexpr std::uint64_t draws = 10'000;
  if (differences.empty()) return 1;
  std::vector<double> beyond;
  for (const double difference : differences) beyond.push_back(difference - margin);
  const double seen = std::accumulate(beyond.begin(), beyond.end(), 0.0) - 1e-12;
  const bool exact = beyond.size() <= most_exact;
  const std::uint64_t flips = exact ? std::uint64_t{1} << beyond.size() : draws;
  std::uint64_t as_large = 0;
  for (std::uint64_t flip = 0; flip < flips; ++flip)
    if (sum_with_signs(beyond, flip, exact ? 0 : flip + 1) >= seen) ++as_large;
  // Of draws the one that was seen is one more.
  return exact ? static_cast<double>(as_large) / static_cast<double>(flips)
               : static_cast<double>(as_large + 1) / static_cast<double>(flips + 1);
}

}  // namespace atonce::gate
