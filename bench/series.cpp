#include "bench/series.h"

#include <utility>

namespace atonce {
namespace {

constexpr std::size_t most_shown = 256;
constexpr Nanos widest = std::chrono::seconds(1);

/// By linear interpolation, from 0 at 0 on.
Nanos cpu_until(Nanos at, std::span<const CpuPoint> points) {
  CpuPoint before;
  for (const CpuPoint& point : points) {
    if (at <= point.at) {
      const auto span = static_cast<double>((point.at - before.at).count());
      const double share = span > 0 ? static_cast<double>((at - before.at).count()) / span : 1;
      return before.cpu + Nanos{static_cast<std::int64_t>(
                              share * static_cast<double>((point.cpu - before.cpu).count()))};
    }
    before = point;
  }
  return before.cpu;
}

}  // namespace

TimeSeries presentable(TimeSeries series) {
  while (series.slices.size() > most_shown && series.width < widest) series = halved(series);
  return series;
}

void add_offered(TimeSeries& series, const Schedule& schedule) {
  if (schedule.closed) return;
  for (const Arrival& arrival : schedule.arrivals) {
    const auto slice = static_cast<std::size_t>(arrival.due / series.width);
    if (slice >= series.slices.size()) return;
    series.slices[slice].offered += schedule.plans[arrival.plan].call_count();
  }
}

void add_cpu(TimeSeries& series, std::span<const CpuPoint> points) {
  Nanos before{};
  for (std::size_t i = 0; i < series.slices.size(); ++i) {
    const Nanos until = cpu_until(series.width * static_cast<std::int64_t>(i + 1), points);
    series.slices[i].cpu = until - std::exchange(before, until);
  }
}

}  // namespace atonce
