#include "reports/charts/charts.h"
#include "reports/charts/percentile_chart.h"

namespace atonce {

std::optional<Chart> token_gap_chart(const Comparison& comparison) {
  return percentile_chart(
      comparison, Metric::chunk_gap,
      {"token_gap", "How evenly do the tokens arrive?",
       "Time between one event with content and the next of the same stream",
       "time since the token before", "share of the tokens that came within that time"});
}

}  // namespace atonce
