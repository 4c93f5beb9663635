#include "bench/tune/sim/rivals.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <vector>

#include "bench/tune/models.h"
#include "bench/tune/statistics.h"
#include "core/adaptive_limit.h"

namespace atonce::tune::sim {
namespace {

using Cap = std::optional<std::size_t>;

struct Run {
  double quantile = 0, rate = 0, mean = 0;
};

Run run(Target& target, const Slo& slo, std::size_t level, double seconds) {
  const Probe probe =
      target.probe({.level = level, .blocks = 1, .block = Seconds(seconds), .warm_up = Seconds(1)});
  return {.quantile = Seconds(probe.response_time.quantile(slo.quantile)).count(),
          .rate = static_cast<double>(probe.blocks[0].calls) / seconds,
          .mean = probe.response_time.mean() * 1e-9};
}

double limit_of(const Slo& slo) {
  return Seconds(slo.limit).count();
}

/// Between a level that passed and one that did not, down to 1 % or neighbours.
template <class Passes>
std::size_t bisect(std::size_t good, std::size_t bad, Passes passes) {
  while (bad - good > 1 && static_cast<double>(bad) > 1.01 * static_cast<double>(good)) {
    const std::size_t middle = (good + bad) / 2;
    (passes(middle) ? good : bad) = middle;
  }
  return good;
}

/// Nighthawk's adaptive load: doubled until a run of 10 s fails, then bisected.
Cap doubling(Target& target, const Slo& slo, const Range& range) {
  const auto passes = [&](std::size_t level) {
    return run(target, slo, level, 10).quantile <= limit_of(slo);
  };
  std::size_t good = 0, bad = range.low;
  while (bad <= range.high && passes(bad)) bad = 2 * (good = bad);
  if (good == 0) return {};
  return bisect(good, bad, passes);
}

/// perf_analyzer's binary search: windows of 5 s until three in a row agree within 10 %.
Cap stable_windows(Target& target, const Slo& slo, const Range& range) {
  const auto passes = [&](std::size_t level) {
    std::vector<Run> windows;
    for (int i = 0; i < 10; ++i) {
      windows.push_back(run(target, slo, level, 5));
      if (windows.size() < 3) continue;
      const std::span<const Run> last(windows.end() - 3, windows.end());
      const auto agree = [&](double Run::*figure) {
        const auto [low, high] = std::ranges::minmax(last, {}, figure);
        return high.*figure <= 1.1 * (low.*figure);
      };
      if (agree(&Run::quantile) && agree(&Run::rate)) break;
    }
    double mean = 0;
    for (std::size_t i = windows.size() - 3; i < windows.size(); ++i)
      mean += windows[i].quantile / 3;
    return mean <= limit_of(slo);
  };
  std::size_t good = 0, bad = range.high + 1;
  while (bad - good > 1 && static_cast<double>(bad) > 1.01 * static_cast<double>(good)) {
    const std::size_t middle = (good + bad) / 2;
    (passes(middle) ? good : bad) = middle;
  }
  return good == 0 ? Cap() : Cap(good);
}

/// Eight levels, evenly on the logarithm, each for 10 s.
std::vector<std::pair<double, Run>> grid(Target& target, const Slo& slo, const Range& range) {
  std::vector<std::pair<double, Run>> points;
  const double top = std::min<double>(512, static_cast<double>(range.high));
  for (int i = 0; i < 8; ++i) {
    const double level = std::round(std::pow(top, i / 7.0));
    points.emplace_back(level, run(target, slo, static_cast<std::size_t>(level), 10));
  }
  return points;
}

/// Where a line through the points, at rising levels, reaches the limit: the last level if it does
/// not, nothing if all is above it.
std::optional<double> crossing(const std::vector<double>& levels, const std::vector<double>& values,
                               double limit) {
  if (values.front() > limit) return {};
  const auto above = std::ranges::upper_bound(values, limit);
  if (above == values.end()) return levels.back();
  const auto i = static_cast<std::size_t>(above - values.begin());
  const double part = (limit - values[i - 1]) / (values[i] - values[i - 1]);
  return levels[i - 1] + part * (levels[i] - levels[i - 1]);
}

/// AIPerf's way: the quantiles made to rise, interpolated, then two more runs where the limit is
/// crossed. A level that was run twice weighs twice as much.
Cap isotonic(Target& target, const Slo& slo, const Range& range) {
  std::map<double, Weighted> points;
  const auto add = [&](double level, const Run& seen) {
    auto& [value, weight] = points[level];
    value = (value * weight + seen.quantile) / (weight + 1);
    ++weight;
  };
  for (const auto& [level, seen] : grid(target, slo, range)) add(level, seen);
  Cap cap;
  for (int round = 0; round < 3; ++round) {
    std::vector<double> levels;
    std::vector<Weighted> quantiles;
    for (const auto& [level, point] : points) {
      levels.push_back(level);
      quantiles.push_back(point);
    }
    const auto at = crossing(levels, isotonic_fit(quantiles), limit_of(slo));
    if (!at) return {};
    cap = std::max<std::size_t>(1, static_cast<std::size_t>(*at));
    if (round < 2) add(static_cast<double>(*cap), run(target, slo, *cap, 10));
  }
  return cap;
}

/// Kneedle (Satopaa et al. 2011) on the grid's throughput: the point furthest above the chord.
Cap kneedle(Target& target, const Slo& slo, const Range& range) {
  const auto points = grid(target, slo, range);
  const auto& last = points.back();
  double highest = 0;
  for (const auto& point : points) highest = std::max(highest, point.second.rate);
  double most = -1;
  Cap cap;
  for (const auto& point : points) {
    const double above = point.second.rate / highest - point.first / last.first;
    if (above > most) {
      most = above;
      cap = static_cast<std::size_t>(point.first);
    }
  }
  return cap;
}

/// The scalability law fitted to the grid: the highest level whose response time, stretched as
/// quantiles are to means there, keeps the limit.
Cap fitted(Target& target, const Slo& slo, const Range& range) {
  const auto points = grid(target, slo, range);
  std::vector<RatePoint> rates;
  double stretch = 0;
  for (const auto& [level, point] : points) {
    rates.push_back({level, point.rate});
    stretch += point.quantile / point.mean / static_cast<double>(points.size());
  }
  const UslFit fit = fit_usl(rates);
  Cap cap;
  for (std::size_t level = 1; level <= range.high; ++level) {
    const double n = static_cast<double>(level);
    if (n / fit.rate(n) * stretch <= limit_of(slo)) cap = level;
  }
  return cap;
}

/// An adaptive limit after two minutes: the mean of its last twenty steps, a second each.
template <LimitLaw law>
Cap adaptive(Target& target, const Slo& slo, const Range& range) {
  AdaptiveLimit limit({.law = law}, range.high);
  double sum = 0;
  constexpr int steps = 120, last = 20;
  for (int i = 0; i < steps; ++i) {
    const std::size_t level = limit.limit();
    const Probe probe =
        target.probe({.level = level, .blocks = 1, .block = Seconds(1), .warm_up = Seconds(0)});
    const Block& block = probe.blocks[0];
    const double calls = static_cast<double>(std::max<std::uint64_t>(1, block.calls));
    // To aimd, what misses the objective is late; the others have ears for failures only.
    const std::uint64_t bad = law == LimitLaw::aimd ? block.bad[0] : block.failed;
    Round round{.mean = {}, .bad_share = static_cast<double>(bad) / calls};
    if (block.calls > block.failed)
      round.mean = Nanos{static_cast<std::int64_t>(probe.response_time.mean())};
    limit.step(round);
    if (i >= steps - last) sum += static_cast<double>(level) / last;
  }
  (void)slo;
  return std::max<std::size_t>(1, static_cast<std::size_t>(sum));
}

constexpr std::array<Rival, 8> all{{
    {"doubling, then bisection, a run of 10 s each", doubling},
    {"binary search, 3 windows of 5 s within 10 %", stable_windows},
    {"8 levels and 2 more, isotonic", isotonic},
    {"8 levels, Kneedle", kneedle},
    {"8 levels, fit of the scalability law", fitted},
    {"AIMD (time-outs at the limit), after 120 s", adaptive<LimitLaw::aimd>},
    {"Vegas, after 120 s", adaptive<LimitLaw::vegas>},
    {"Gradient2, after 120 s", adaptive<LimitLaw::gradient2>},
}};

}  // namespace

std::vector<double> isotonic_fit(std::span<const Weighted> points) {
  struct Pool {
    double value, weight;
    std::size_t size;
  };
  std::vector<Pool> pools;
  for (const Weighted& point : points) {
    Pool last{point.value, point.weight, 1};
    for (; !pools.empty() && pools.back().value > last.value; pools.pop_back()) {
      const Pool& violator = pools.back();
      const double weight = violator.weight + last.weight;
      last = {(violator.value * violator.weight + last.value * last.weight) / weight, weight,
              violator.size + last.size};
    }
    pools.push_back(last);
  }
  std::vector<double> rising;
  for (const Pool& pool : pools) rising.insert(rising.end(), pool.size, pool.value);
  return rising;
}

std::span<const Rival> rivals() {
  return all;
}

}  // namespace atonce::tune::sim
