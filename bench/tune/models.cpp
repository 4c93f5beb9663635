#include "bench/tune/models.h"

#include <algorithm>
#include <array>
#include <cmath>

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

}  // namespace atonce::tune
