#include "reports/figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/units.h"

namespace atonce {
namespace {

using Value = std::optional<double>;

Value nanos(std::optional<Nanos> time) {
  if (!time) return {};
  return static_cast<double>(time->count());
}

template <Metric metric, int percent>
Value percentile(const TrialResult& trial) {
  const auto& histogram = trial.metric(metric).ok;
  if (histogram.empty()) return {};
  return nanos(histogram.quantile(percent / 100.0));
}

constexpr std::array<FigureEntry, figure_count> figures{{
    {"makespan", "makespan", "from the first call due to the last response complete",
     Unit::nanoseconds, false, [](const TrialResult& trial) { return nanos(trial.makespan); }},
    {"calls/s", "calls/s", "successful calls per second", Unit::per_second, true, throughput},
    {"ideal", "ideal",
     "what a client that costs nothing would take with the very delays that were drawn",
     Unit::nanoseconds, false,
     [](const TrialResult& trial) { return nanos(trial.ideal_makespan); }},
    {"share of ideal", "of ideal", "ideal makespan / measured makespan; 1.00 is perfect",
     Unit::ratio, true, efficiency},
    {"response p50", "p50",
     "half of the calls were answered within this response time, counted from their due time",
     Unit::nanoseconds, false, percentile<Metric::response_time, 50>},
    {"response p90", "p90", "90 % of the calls were answered within this response time",
     Unit::nanoseconds, false, percentile<Metric::response_time, 90>},
    {"response p99", "p99", "99 % of the calls were answered within this response time",
     Unit::nanoseconds, false, percentile<Metric::response_time, 99>},
    {"client overhead p50", "client p50",
     "what the client and the network path add to the time the server held the request, median",
     Unit::nanoseconds, false, percentile<Metric::client_overhead, 50>},
    {"client overhead p99", "client p99", "the same, 99th percentile", Unit::nanoseconds, false,
     percentile<Metric::client_overhead, 99>},
    {"CPU per call", "CPU /call", "user and system CPU time of the client process per attempt",
     Unit::nanoseconds, false, [](const TrialResult& trial) { return nanos(cpu_per_call(trial)); }},
    {"memory per call", "mem /call",
     "growth of the client's resident memory per call in flight at the peak", Unit::bytes, false,
     memory_per_call},
}};

}  // namespace

std::string format(Unit unit, double value) {
  switch (unit) {
    case Unit::nanoseconds:
      return format_duration(Nanos{static_cast<std::int64_t>(value)});
    case Unit::per_second:
      return format_count(value) + "/s";
    case Unit::ratio:
      return fmt::format("{:.2f}", value);
    case Unit::bytes:
      return format_bytes(value);
    case Unit::count:
      return format_count(value);
  }
  return {};
}

std::string format_round(Unit unit, double value) {
  if (value == 0) return "0";
  auto text = format(unit, value);
  const auto point = text.find('.');
  if (point == std::string::npos) return text;
  const auto end = text.find_first_not_of("0123456789", point + 1);
  const auto digits_end = std::min(end, text.size());
  auto keep = text.find_last_not_of('0', digits_end - 1);
  if (keep == point) --keep;
  return text.erase(keep + 1, digits_end - keep - 1);
}

const FigureEntry& entry(Figure figure) {
  return figures[index(figure)];
}

Figure leading_figure(LoadShape shape) {
  if (shape == LoadShape::batch) return Figure::makespan;
  return shape == LoadShape::closed ? Figure::throughput : Figure::response_p99;
}

Figure headline_figure(LoadShape shape) {
  return shape == LoadShape::batch ? Figure::makespan : Figure::throughput;
}

}  // namespace atonce
