#include "reports/charts/charts.h"
#include "reports/charts/percentile_chart.h"

namespace atonce {

std::optional<Chart> first_token_chart(const Comparison& comparison) {
  return percentile_chart(
      comparison, Metric::ttft,
      {"first_token", "How long until the first token is there?",
       "Time from the request sent to the first event with content", "time to the first token",
       "share of the streams that had begun within that time"});
}

}  // namespace atonce
