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
std::optional<Chart> percentiles_chart(const Comparison& comparison);
std::optional<Chart> overhead_chart(const Comparison& comparison);
std::optional<Chart> cpu_chart(const Comparison& comparison);
std::optional<Chart> memory_chart(const Comparison& comparison);
std::optional<Chart> in_flight_chart(const Comparison& comparison);

}  // namespace atonce
