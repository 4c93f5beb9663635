#include "reports/charts/charts.h"

namespace atonce {

std::vector<Chart> make_charts(const Comparison& comparison) {
  std::vector<Chart> charts;
  for (const auto make : {session_medians_chart,
                          session_lanes_chart,
                          loop_lag_chart,
                          fates_chart,
                          waits_chart,
                          first_token_chart,
                          token_gap_chart,
                          token_delivery_chart,
                          omission_chart,
                          headline_chart,
                          percentiles_chart,
                          latency_over_time_chart,
                          throughput_over_time_chart,
                          limit_over_time_chart,
                          in_flight_chart,
                          send_lag_chart,
                          send_lag_over_time_chart,
                          cpu_over_time_chart,
                          overhead_chart,
                          cpu_chart,
                          memory_chart})
    if (auto chart = make(comparison)) charts.push_back(std::move(*chart));
  return charts;
}

}  // namespace atonce
