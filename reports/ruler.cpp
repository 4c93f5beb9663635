#include "reports/ruler.h"

#include <algorithm>
#include <cmath>

namespace atonce {
namespace {

constexpr double wide_spread = 8;
constexpr std::size_t most_ticks = 10;

/// Rising round numbers: 1, 2, 5, 10, ... or, of bytes, powers of two. Step 0 is 1.
double rung(Unit unit, int step) {
  if (unit == Unit::bytes) return std::exp2(step);
  constexpr double digits[] = {1, 2, 5};
  const int decade = static_cast<int>(std::floor(step / 3.0));
  return digits[step - 3 * decade] * std::pow(10.0, decade);
}

/// What is counted in whole numbers has no ticks between them.
double smallest_step(Unit unit) {
  return unit == Unit::nanoseconds || unit == Unit::count ? 1 : 0;
}

/// The largest step whose rung is at most `figure` (> 0).
int step_below(Unit unit, double figure) {
  const double per_rung = unit == Unit::bytes ? std::log2(figure) : 3 * std::log10(figure);
  int step = static_cast<int>(std::floor(per_rung)) - 2;
  while (rung(unit, step + 1) <= figure) ++step;
  return step;
}

}  // namespace

Ruler::Ruler(Unit unit, const std::vector<double>& figures) : unit_(unit) {
  if (figures.empty()) return;
  const auto [least, most] = std::ranges::minmax(figures);
  logarithmic_ = least > 0 && most >= wide_spread * least;
  if (logarithmic_) {
    low_ = rung(unit, step_below(unit, least));
    const int top = step_below(unit, most);
    high_ = rung(unit, top) == most ? most : rung(unit, top + 1);
  } else if (most > 0) {
    constexpr double room_above = 1.05;
    high_ = most * room_above;
  }
}

double Ruler::place(double figure) const {
  const double within = std::clamp(figure, low_, high_);
  return logarithmic_ ? std::log10(within) : within;
}

std::vector<double> Ruler::rungs(int stride) const {
  std::vector<double> figures;
  for (int step = step_below(unit_, low_); rung(unit_, step) <= high_; ++step)
    if (step % stride == 0) figures.push_back(rung(unit_, step));
  return figures;
}

std::vector<double> Ruler::steps() const {
  constexpr double most_steps = 6;
  const double step =
      std::max(smallest_step(unit_), rung(unit_, step_below(unit_, high_ / most_steps) + 1));
  std::vector<double> figures;
  for (int i = 0; i * step <= high_; ++i) figures.push_back(i * step);
  return figures;
}

std::vector<double> Ruler::round_figures() const {
  if (!logarithmic_) return steps();
  // Every third rung of 1, 2, 5, 10, ... is a power of ten.
  int stride = 1;
  while (rungs(stride).size() > most_ticks)
    stride += unit_ == Unit::bytes || stride > 1 ? stride : 2;
  return rungs(stride);
}

Axis Ruler::axis(std::string title) const {
  Axis axis{.title = std::move(title), .min = place(low_), .max = place(high_), .ticks = {}};
  for (const double figure : round_figures())
    axis.ticks.push_back({place(figure), format_round(unit_, figure)});
  return axis;
}

}  // namespace atonce
