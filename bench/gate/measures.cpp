#include "bench/gate/measures.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "core/units.h"

namespace atonce::gate {
namespace {

constexpr std::array measures{Measure::throughput,   Measure::response_p50, Measure::response_p95,
                              Measure::cpu_per_call, Measure::overhead_p50, Measure::overhead_p95};

}  // namespace

Values no_values() {
  Values values;
  values.fill(no_value);
  return values;
}

const CellInfo& info(Measure measure) {
  static const std::array<CellInfo, measure_count> infos{{{"throughput", "calls/s", true},
                                                          {"response_p50", "ns"},
                                                          {"response_p95", "ns"},
                                                          {"cpu_per_call", "ns"},
                                                          {"overhead_p50", "ns"},
                                                          {"overhead_p95", "ns"}}};
  return infos[static_cast<std::size_t>(measure)];
}

std::span<const Measure> all_measures() {
  return measures;
}

Measure measure_named(std::string_view name) {
  std::string names;
  for (const Measure measure : measures) {
    if (info(measure).name == name) return measure;
    names += (names.empty() ? "" : ", ") + info(measure).name;
  }
  throw std::invalid_argument(fmt::format("there is no cell '{}'; the cells are: {}", name, names));
}

std::uint64_t fewest_calls(Measure measure) {
  const bool tail = measure == Measure::response_p95 || measure == Measure::overhead_p95;
  return tail ? 100 : 20;  // 5 calls above p95
}

std::string format_value(const CellInfo& cell, double value) {
  if (!std::isfinite(value)) return "-";
  if (cell.unit != "ns") return format_count(value) + "/s";
  return format_duration(Nanos{static_cast<std::int64_t>(std::llround(value))});
}

std::string format_share(double share) {
  if (!std::isfinite(share)) return "?";
  const double percent = 100 * share;
  return std::abs(percent) < 10 ? fmt::format("{:+.1f} %", percent)
                                : fmt::format("{:+.0f} %", percent);
}

std::string format_detectable(double share) {
  if (!std::isfinite(share)) return "-";
  return share >= 1 ? ">100 %" : fmt::format("{:.1f} %", 100 * share);
}

}  // namespace atonce::gate
