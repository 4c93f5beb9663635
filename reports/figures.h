#pragma once
/// The figures that reports show, each named, measured and written in one place.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"

namespace atonce {

enum class Unit : unsigned char { nanoseconds, per_second, ratio, bytes, count };

/// Three significant digits with the unit: "75.1 ms", "91.2k/s", "0.98", "18.4 KiB"; whole counts
/// below a thousand as they are.
std::string format(Unit unit, double value);
/// The same without zeros at the end, for the ticks of an axis: "20 ms" instead of "20.0 ms".
std::string format_round(Unit unit, double value);

enum class Figure : unsigned char {
  makespan,
  throughput,
  ideal,
  efficiency,
  response_p50,
  response_p90,
  response_p99,
  overhead_p50,
  overhead_p99,
  cpu_per_call,
  memory_per_call,
  session_p50,
  session_p99,
  session_sum,
  session_longest,
  session_critical,
  critical_share,
  aborted,
  abort_delay_p50,
  abort_delay_p99,
  ttft_p50,
  ttft_p99,
  tpot_p50,
  stream_rate,
  token_rate,
  chunk_gap_p99,
  token_delivery_p99,
  ok_share,
  attempts_per_call,
  rate_limited,
  banned,
  came_too_early,
  processing_p50,
  loop_lag_p50,
  loop_lag_p99,
  loop_lag_max,
  cap_wait_p50,
  cap_wait_p99,
  connection_wait_p50,
  connection_wait_p99,
  response_max,
  service_p50,
  service_p90,
  service_p99,
  service_max,
  understated,
  response_p999,
  send_lag_p50,
  send_lag_p99,
  send_lag_max,
};

inline constexpr std::size_t figure_count = 50;

constexpr std::size_t index(Figure figure) {
  return static_cast<std::size_t>(figure);
}

struct QuantileOf {
  Metric metric{};
  double p = 0;
};

struct FigureEntry {
  std::string_view header;   ///< of a table column
  std::string_view brief;    ///< the same where room is short
  std::string_view meaning;  ///< one sentence for people
  Unit unit;
  bool more_is_better;
  /// In the base unit: ns, per second, a ratio, bytes. Nothing where the trial cannot tell.
  /// Percentiles are those of successful calls.
  std::optional<double> (*measure)(const TrialResult& trial);
  std::optional<QuantileOf> quantile{};  ///< where the figure is a percentile
};

const FigureEntry& entry(Figure figure);
inline std::string format(Figure figure, double value) {
  return format(entry(figure).unit, value);
}

/// What contenders are ranked by: makespan of a batch, throughput of a closed load, and under a
/// given rate, where all should carry the same, the 99th percentile of response time.
Figure leading_figure(LoadShape shape);
/// What is shown first: as above, but throughput for every shape but a batch.
Figure headline_figure(LoadShape shape);

}  // namespace atonce
