#include "bench/gate/study/rivals.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "core/distributions.h"
#include "core/random.h"

namespace atonce::gate::study {
namespace {

constexpr double significant = 0.05;

double mean(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// Of the mean: variance / count.
double squared_error(std::span<const double> values) {
  const double centre = mean(values), count = static_cast<double>(values.size());
  double squares = 0;
  for (const double value : values) squares += (value - centre) * (value - centre);
  return squares / (count - 1) / count;
}

double welch_t(std::span<const double> a, std::span<const double> b) {
  const double error = std::sqrt(squared_error(a) + squared_error(b));
  return error > 0 ? (mean(b) - mean(a)) / error : 0;
}

/// Values drawn with replacement; the same seed and number draw the same.
std::vector<double> resampled(std::span<const double> values, std::size_t count, std::uint64_t seed,
                              std::uint64_t number) {
  std::vector<double> drawn(count);
  std::uint64_t state = hash(seed, number, Stream::resampling);
  for (double& value : drawn) value = values[(state = mix(state)) % values.size()];
  return drawn;
}

bool by_mann_whitney(const Samples& samples, std::uint64_t) {
  return mean(samples.candidate) > mean(samples.baseline) &&
         mann_whitney_p(samples.baseline, samples.candidate) < significant;
}

/// Significant by a bootstrapped t, and all of the bootstrapped interval of the change of the mean
/// above the noise threshold.
bool by_bootstrap(const Samples& samples, std::uint64_t seed) {
  constexpr std::size_t resamples = 1000;
  constexpr double noise_threshold = 0.01;
  const auto &a = samples.baseline, &b = samples.candidate;
  if (mean(b) <= mean(a)) return false;
  std::vector<double> pooled = a;
  pooled.insert(pooled.end(), b.begin(), b.end());
  const double seen = welch_t(a, b);
  std::size_t as_far = 0;
  std::vector<double> changes;
  for (std::size_t i = 0; i < resamples; ++i) {
    as_far += std::abs(welch_t(resampled(pooled, a.size(), seed, 4 * i),
                               resampled(pooled, b.size(), seed, 4 * i + 1))) >= seen;
    changes.push_back(mean(resampled(b, b.size(), seed, 4 * i + 2)) /
                          mean(resampled(a, a.size(), seed, 4 * i + 3)) -
                      1);
  }
  if (static_cast<double>(as_far) >= significant * resamples) return false;
  const auto lower = changes.begin() + resamples / 40;
  std::ranges::nth_element(changes, lower);
  return *lower > noise_threshold;
}

bool by_t_interval(const Samples& samples, std::uint64_t) {
  return welch_lower(samples) > 0.05;
}

template <int percent>
bool by_ratio(const Samples& samples, std::uint64_t) {
  return 100 * mean(samples.candidate) > percent * mean(samples.baseline);
}

constexpr std::array<Rival, 5> all_rivals{
    {{"Mann-Whitney, p < 0.05 (compare.py, benchstat)", by_mann_whitney},
     {"bootstrap, p < 0.05 and beyond 1 % (criterion)", by_bootstrap},
     {"t interval beyond 5 %", by_t_interval},
     {"mean beyond 1.1 times", by_ratio<110>},
     {"mean beyond 1.25 times", by_ratio<125>}}};

/// As time, so that more is worse.
double as_time(const CellInfo& cell, double value) {
  return cell.more_is_better ? 1 / value : value;
}

}  // namespace

std::span<const Rival> rivals() {
  return all_rivals;
}

double mann_whitney_p(std::span<const double> a, std::span<const double> b) {
  const auto n = static_cast<double>(a.size()), m = static_cast<double>(b.size());
  std::vector<std::pair<double, bool>> all;
  for (const double value : a) all.emplace_back(value, false);
  for (const double value : b) all.emplace_back(value, true);
  std::ranges::sort(all);
  double ranks = 0, ties = 0;  // sum of the ranks of `b`
  for (auto from = all.begin(); from != all.end();) {
    const auto to = std::find_if(from, all.end(),
                                 [&](const auto& other) { return other.first != from->first; });
    const auto alike = static_cast<double>(to - from);
    const double rank = static_cast<double>(from - all.begin()) + (alike + 1) / 2;
    ranks += rank * static_cast<double>(std::count_if(from, to, [](auto& x) { return x.second; }));
    ties += alike * (alike * alike - 1);
    from = to;
  }
  const double u = ranks - m * (m + 1) / 2, count = n + m;
  const double variance = n * m / 12 * (count + 1 - ties / (count * (count - 1)));
  if (variance <= 0) return 1;
  const double z = std::max(0.0, std::abs(u - n * m / 2) - 0.5) / std::sqrt(variance);
  return std::erfc(z / std::sqrt(2.0));
}

double welch_lower(const Samples& samples) {
  const auto &a = samples.baseline, &b = samples.candidate;
  const double of_a = squared_error(a), of_b = squared_error(b), error = of_a + of_b;
  const double change = mean(b) - mean(a);
  if (error <= 0) return change / mean(a);
  const double degrees = error * error /
                         (of_a * of_a / static_cast<double>(a.size() - 1) +
                          of_b * of_b / static_cast<double>(b.size() - 1));
  return (change - t_at(0.025, degrees) * std::sqrt(error)) / mean(a);
}

std::vector<Samples> samples_of(const Recording& recording, Practice practice, std::size_t slices,
                                const Injection& injection, std::uint64_t job) {
  const auto& cells = recording.record.cells;
  std::vector<Samples> samples(cells.size());
  const auto add = [&](const Pair& pair, Side side) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
      auto& values = side == Side::baseline ? samples[i].baseline : samples[i].candidate;
      values.push_back(as_time(cells[i], pair.of(side).values[i]));
    }
  };
  PairDraw draw(recording.pairs, job);
  const auto& pairs = recording.pairs;
  const std::size_t from = hash(job, 0, Stream::pair_place) % (pairs.size() - 2 * slices + 1);
  for (std::size_t i = 0; i < slices; ++i) {
    const bool in_turns = practice == Practice::in_turns;
    Pair pair = in_turns ? draw.next() : pairs[from + i];
    add(pair, Side::baseline);
    if (!in_turns) pair = pairs[from + slices + i];
    inject(pair, injection);
    add(pair, Side::candidate);
  }
  return samples;
}

}  // namespace atonce::gate::study
