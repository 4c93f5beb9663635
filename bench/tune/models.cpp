#include "bench/tune/models.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

namespace atonce::tune {
namespace {

template <class Fit>
double error_of(const Fit& fit, std::span<const RatePoint> points) {
  double squares = 0;
  for (const RatePoint& point : points) {
    const double off = fit.rate(point.level) / point.rate - 1;
    squares += off * off;
  }
  return std::sqrt(squares / static_cast<double>(std::max<std::size_t>(1, points.size())));
}

/// Least squares of 1 = sum of x_j a_j over rows with weights, for at most three columns of which
/// `used` are free. Gauss without pivots: the matrix is symmetric and positive.
std::array<double, 3> solve(std::array<std::array<double, 4>, 3> m,
                            const std::array<bool, 3>& used) {
  for (std::size_t i = 0; i < 3; ++i) {
    if (!used[i]) continue;
    for (std::size_t row = 0; row < 3; ++row) {
      if (row == i || !used[row] || m[i][i] == 0) continue;
      const double factor = m[row][i] / m[i][i];
      for (std::size_t column = i; column < 4; ++column) m[row][column] -= factor * m[i][column];
    }
  }
  std::array<double, 3> out{};
  for (std::size_t i = 0; i < 3; ++i)
    if (used[i] && m[i][i] > 0) out[i] = m[i][3] / m[i][i];
  return out;
}

}  // namespace

double UslFit::rate(double level) const {
  return gamma * level / (1 + sigma * (level - 1) + kappa * level * (level - 1));
}

UslFit fit_usl(std::span<const RatePoint> points) {
  // N / rate = 1/gamma + sigma/gamma (N - 1) + kappa/gamma N (N - 1), each row divided by its left
  // side.
  std::array<std::array<double, 4>, 3> m{};
  for (const RatePoint& point : points) {
    const double scale = point.rate / point.level, n = point.level;
    const std::array<double, 3> x{scale, scale * (n - 1), scale * n * (n - 1)};
    for (std::size_t i = 0; i < 3; ++i) {
      for (std::size_t j = 0; j < 3; ++j) m[i][j] += x[i] * x[j];
      m[i][3] += x[i];
    }
  }
  UslFit best;
  best.error = 1e300;
  for (const auto& used : {std::array{true, true, true}, std::array{true, true, false},
                           std::array{true, false, true}, std::array{true, false, false}}) {
    const auto a = solve(m, used);
    if (a[0] <= 0 || a[1] < 0 || a[2] < 0) continue;
    UslFit fit{.gamma = 1 / a[0], .sigma = a[1] / a[0], .kappa = a[2] / a[0]};
    fit.error = error_of(fit, points);
    if (fit.error < best.error) best = fit;
  }
  return best;
}

double CeilingFit::rate(double level) const {
  return std::min(level / alone, most);
}

CeilingFit fit_ceiling(std::span<const RatePoint> points) {
  CeilingFit best;
  best.error = 1e300;
  // The lowest levels show the time alone, the highest the ceiling: all ways to split them.
  for (std::size_t split = 1; split < points.size(); ++split) {
    double alone = 0, most = 0;
    for (std::size_t i = 0; i < points.size(); ++i)
      if (i < split)
        alone += points[i].level / points[i].rate / static_cast<double>(split);
      else
        most += points[i].rate / static_cast<double>(points.size() - split);
    CeilingFit fit{.alone = alone, .most = most};
    fit.error = error_of(fit, points);
    if (fit.error < best.error) best = fit;
  }
  return best;
}

double WorkersFit::rate(double level) const {
  return queue.throughput(static_cast<std::size_t>(std::llround(level)));
}

namespace {

/// Times of so many workers that fit best: by steps that halve, from those of a ceiling.
WorkersFit with_workers(std::size_t workers, const CeilingFit& start,
                        std::span<const RatePoint> points) {
  const auto made = [&](double most, double alone) {
    WorkersFit fit;
    const double service = static_cast<double>(workers) / most;
    fit.queue = {.workers = workers, .service = service, .delay = std::max(0.0, alone - service)};
    fit.error = error_of(fit, points);
    return fit;
  };
  double most = start.most, alone = start.alone;
  WorkersFit best = made(most, alone);
  for (double step = 0.08; step > 0.004; step /= 2)
    for (const auto& [a, b] : {std::pair{1.0, 0.0}, {-1.0, 0.0}, {0.0, 1.0}, {0.0, -1.0}}) {
      const double more = most * (1 + a * step), longer = alone * (1 + b * step);
      const WorkersFit fit = made(more, longer);
      if (fit.error >= best.error) continue;
      best = fit;
      most = more;
      alone = longer;
    }
  return best;
}

}  // namespace

WorkersFit fit_workers(std::span<const RatePoint> points) {
  constexpr double hardly_worse = 1.25, little_worse = 0.003, one_in = 16;
  constexpr double hardly_any = 0.5;  // of the ceiling
  constexpr double unsure = 1.5;
  constexpr std::size_t most_workers = 256;
  const CeilingFit start = fit_ceiling(points);
  double fewest = 1, enough = 1.2 * start.alone * start.most + 1;
  if (const RatePoint& lowest = points.front();
      lowest.spread > 0 && lowest.rate < hardly_any * start.most) {
    // Exponential services: ln 5 of them lie between the median and p90.
    const double busy = start.most * lowest.spread / std::log(5.0);
    fewest = std::clamp(busy / unsure, 1.0, enough);
    enough = std::min(enough, busy * unsure + 1);
  }
  std::vector<WorkersFit> fits;
  for (auto workers = static_cast<std::size_t>(fewest);
       workers <= most_workers && (fits.empty() || static_cast<double>(workers) < enough);
       workers += 1 + static_cast<std::size_t>(static_cast<double>(workers) / one_in))
    fits.push_back(with_workers(workers, start, points));
  if (fits.empty()) fits.push_back(with_workers(most_workers, start, points));
  WorkersFit best = *std::ranges::min_element(fits, {}, &WorkersFit::error);
  const auto as_good = [&](const WorkersFit& fit) {
    return fit.error <= std::max(hardly_worse * best.error, best.error + little_worse);
  };
  best.fewest = std::ranges::find_if(fits, as_good)->queue.workers;
  best.most = std::ranges::find_if(fits.rbegin(), fits.rend(), as_good)->queue.workers;
  return best;
}

}  // namespace atonce::tune
