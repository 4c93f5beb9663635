#pragma once
/// Every chart of a report: each is defined once, in the file of its name.

#include <optional>
#include <vector>

#include "reports/chart.h"
#include "reports/comparison.h"

namespace atonce {

/// Those that have something to show, in the order in which a report shows them.
std::vector<Chart> make_charts(const Comparison& comparison);

/// Each gives nothing when no trial has the figures.
std::optional<Chart> headline_chart(const Comparison& comparison);
std::optional<Chart> session_medians_chart(const Comparison& comparison);
std::optional<Chart> session_lanes_chart(const Comparison& comparison);
std::optional<Chart> first_token_chart(const Comparison& comparison);
std::optional<Chart> token_gap_chart(const Comparison& comparison);
std::optional<Chart> token_delivery_chart(const Comparison& comparison);
std::optional<Chart> loop_lag_chart(const Comparison& comparison);
std::optional<Chart> fates_chart(const Comparison& comparison);
std::optional<Chart> omission_chart(const Comparison& comparison);
std::optional<Chart> waits_chart(const Comparison& comparison);
std::optional<Chart> percentiles_chart(const Comparison& comparison);
std::optional<Chart> overhead_chart(const Comparison& comparison);
std::optional<Chart> cpu_chart(const Comparison& comparison);
std::optional<Chart> memory_chart(const Comparison& comparison);
std::optional<Chart> latency_over_time_chart(const Comparison& comparison);
std::optional<Chart> throughput_over_time_chart(const Comparison& comparison);
std::optional<Chart> limit_over_time_chart(const Comparison& comparison);
std::optional<Chart> send_lag_over_time_chart(const Comparison& comparison);
std::optional<Chart> cpu_over_time_chart(const Comparison& comparison);
std::optional<Chart> send_lag_chart(const Comparison& comparison);
std::optional<Chart> in_flight_chart(const Comparison& comparison);

}  // namespace atonce
