#include "reports/charts/charts.h"
#include "reports/charts/percentile_chart.h"

namespace atonce {

std::optional<Chart> percentiles_chart(const Comparison& comparison) {
  return percentile_chart(comparison, Metric::response_time,
                          {"percentiles", "How long do calls wait for their answer?",
                           "Response time, counted from the moment a call was due", "response time",
                           "share of the calls answered within that time"});
}

}  // namespace atonce
