#include "bench/tune/proposal.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <stdexcept>

namespace atonce::tune {
namespace {

constexpr double most_growth = 5, most_step = 8;
constexpr double still_linear = 0.9;
constexpr double near_enough = 1.15;
constexpr double little = 0.15;  // of ln(level): chance may have moved the ends of a bracket
constexpr double usual_slope = 8, least_slope = 2, most_slope = 40;  // of ln(share) over ln(level)
/// So many standard errors beside the boundary a level is usually told apart.
constexpr double deviations = 3.2;
/// A logarithm of a share between these rests on calls that were bad and calls that were not.
constexpr double informative_low = -1.8, informative_below_all = 0.7;
constexpr double fewest_bad = 5;
constexpr double near_the_boundary = 0.8;  // of |ln(share / allowed)|
constexpr std::array<std::string_view, 4> varied{"cap", "rate", "connections", "threads"};

/// Where Little's law puts the boundary, seen from this level; the lowest over the objectives.
std::optional<double> little_step(const Curve& curve, std::size_t level, const LevelData& data) {
  std::optional<double> lowest;
  for (const Slo& slo : curve.slos()) {
    if (slo.kind != Slo::Kind::latency || data.response_time.empty()) continue;
    const Seconds room = slo.limit - data.response_time.quantile(slo.quantile);
    const double step = static_cast<double>(level) + data.rate() * room.count();
    lowest = std::min(lowest.value_or(step), step);
  }
  return lowest;
}

/// Nothing looks bad yet: upwards from the highest level.
double growth(const Curve& curve, Vary vary, std::size_t level) {
  const auto& levels = curve.levels();
  const auto at = static_cast<double>(level);
  const LevelData &data = levels.at(level), &first = levels.begin()->second;
  if (vary == Vary::rate) {
    const bool slower = data.response_time.mean() > 1.1 * first.response_time.mean();
    return (slower ? 2 : most_growth) * at;
  }
  const auto step = little_step(curve, level, data);
  const double alone = first.rate() / static_cast<double>(levels.begin()->first);
  const bool linear = data.rate() >= still_linear * alone * at;
  if (linear) return std::clamp(step.value_or(at), most_growth * at, most_step * at);
  return step ? std::clamp(*step, at, most_growth * at) : 2 * at;
}

bool is_informative(const Curve& curve, const LevelData& data) {
  const double excess = curve.excess(data);
  double bad = 0, room = 0;
  for (std::size_t i = 0; i < curve.slos().size(); ++i) {
    bad = std::max(bad, share_of(data.blocks, i).bad);
    room = std::max(room, -std::log(curve.slos()[i].share));
  }
  return bad >= fewest_bad && excess > informative_low && excess < room - informative_below_all;
}

/// A line through ln(share) over ln(level), by weighted least squares.
struct Line {
  double x = 0, y = 0, slope = 0;  ///< a point on it
  std::size_t levels = 0;
  double nearest = 1e9;  ///< the smallest |ln(share / allowed)| of a level
  double weight = 0;     ///< about so many bad calls near the boundary, as if they were independent
};

/// Through all levels that tell something, those near the boundary and with many bad calls most.
Line line_through(const Curve& curve) {
  double sum = 0, xx = 0, xy = 0;
  Line line;
  struct Point {
    double x, y, weight;
  };
  std::vector<Point> points;
  for (const auto& [level, data] : curve.levels()) {
    if (!is_informative(curve, data)) continue;
    double bad = 0;
    for (std::size_t i = 0; i < curve.slos().size(); ++i)
      bad = std::max(bad, share_of(data.blocks, i).bad / curve.dispersion(i));
    const double excess = curve.excess(data);
    line.nearest = std::min(line.nearest, std::abs(excess));
    points.push_back({std::log(static_cast<double>(level)), excess,
                      std::min(bad, 200.0) * std::exp(-2 * excess * excess)});
  }
  for (const Point& point : points) {
    sum += point.weight;
    line.x += point.weight * point.x;
    line.y += point.weight * point.y;
  }
  if (sum <= 0) return line;
  line.weight = sum;
  line.x /= sum;
  line.y /= sum;
  for (const Point& point : points) {
    xx += point.weight * (point.x - line.x) * (point.x - line.x);
    xy += point.weight * (point.x - line.x) * (point.y - line.y);
  }
  line.levels = points.size();
  line.slope = xx > 0 ? std::clamp(xy / xx, least_slope, most_slope) : usual_slope;
  return line;
}

/// Between two levels, one on each side.
double between(const Curve& curve, Vary vary, std::size_t good, std::size_t bad) {
  const LevelData &low = curve.levels().at(good), &high = curve.levels().at(bad);
  const double a = std::log(static_cast<double>(good)), b = std::log(static_cast<double>(bad));
  const auto inside = [&](double level) { return level > std::exp(a) && level < std::exp(b); };
  if (const Line line = line_through(curve); line.nearest < near_the_boundary) {
    const double crossing = line.x - line.y / line.slope;
    if (crossing > a - little && crossing < b + little) return std::exp(crossing);
  }
  if (vary != Vary::rate) {
    const auto down = little_step(curve, bad, high), up = little_step(curve, good, low);
    if (down && inside(*down)) return *down;
    if (up && inside(*up)) return *up;
  }
  return std::exp((a + b) / 2);
}

/// Calls per second at the nearest level.
double rate_near(const Curve& curve, double level) {
  double rate = 0, distance = 0;
  for (const auto& [at, data] : curve.levels()) {
    const double away = std::abs(std::log(level / static_cast<double>(at)));
    if (rate > 0 && away >= distance) continue;
    rate = data.rate();
    distance = away;
  }
  return rate;
}

}  // namespace

std::string_view name(Vary vary) {
  return varied[static_cast<std::size_t>(vary)];
}

Vary vary_named(std::string_view wanted) {
  for (std::size_t i = 0; i < varied.size(); ++i)
    if (varied[i] == wanted) return static_cast<Vary>(i);
  throw std::invalid_argument(
      fmt::format("--vary: expected cap, rate, connections or threads, got '{}'", wanted));
}

Guess guess_boundary(const Curve& curve, Vary vary, const Range& range) {
  const auto [good, bad] = curve.bracket();
  Guess guess;
  if (!good && !bad) return {.level = static_cast<double>(range.low)};
  if (!good) {  // the lowest level is bad: perhaps a higher one is not
    guess.level = static_cast<double>(range.low);
    guess.is_near = curve.levels().size() > 1;
    return guess;
  }
  guess.level = bad ? between(curve, vary, *good, *bad) : growth(curve, vary, *good);
  guess.level =
      std::clamp(guess.level, static_cast<double>(range.low), static_cast<double>(range.high));
  if (bad && *bad - *good <= 1) guess.is_near = true;
  for (const auto& [level, data] : curve.levels()) {
    const double ratio = guess.level / static_cast<double>(level);
    guess.is_near |= ratio < near_enough && ratio > 1 / near_enough &&
                     (bad || vary != Vary::rate || level == range.high);
  }
  return guess;
}

double steepness(const Curve& curve) {
  const Line line = line_through(curve);
  return line.levels > 1 ? line.slope : usual_slope;
}

double telling_offset(const Curve& curve, double boundary, Seconds measured) {
  constexpr double most_reduced = 0.75, least = 0.02, most = 0.2;
  const double rate = rate_near(curve, boundary);
  double reduced = 0;
  for (std::size_t i = 0; i < curve.slos().size(); ++i) {
    const double expected = std::max(1.0, rate * measured.count() * curve.slos()[i].share);
    reduced = std::max(reduced, deviations * std::sqrt(curve.dispersion(i) / expected));
  }
  const double left = 1 - std::min(reduced, most_reduced);
  // The boundary itself is not known better than this.
  const double slope = steepness(curve);
  const double unsure = 1 / std::sqrt(std::max(1.0, line_through(curve).weight)) / slope;
  return std::clamp(1 - std::pow(left, 1 / slope) + 0.7 * unsure, least, most);
}

Seconds seconds_to_tell(const Curve& curve, std::size_t level) {
  const Line line = line_through(curve);
  if (line.nearest > near_the_boundary) return Seconds(0);
  const double at = static_cast<double>(level);
  const double excess = line.y + line.slope * (std::log(at) - line.x);
  const double apart = std::max(std::abs(std::expm1(excess)), 0.02);
  double calls = 0;
  for (std::size_t i = 0; i < curve.slos().size(); ++i)
    calls = std::max(calls, std::pow(deviations / apart, 2) * curve.dispersion(i) *
                                std::max(1.0, std::exp(excess)) / curve.slos()[i].share);
  return Seconds(calls / std::max(rate_near(curve, at), 1e-9));
}

}  // namespace atonce::tune
