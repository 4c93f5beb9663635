#include "reports/charts/charts.h"
#include "reports/charts/percentile_chart.h"

namespace atonce {

std::optional<Chart> token_delivery_chart(const Comparison& comparison) {
  return percentile_chart(
      comparison, Metric::token_delivery,
      {"token_delivery", "How soon after the server wrote a token does the client have it?",
       "From the server's write of a token, by its own account, to its arrival",
       "time from write to arrival", "share of the tokens delivered within that time"});
}

}  // namespace atonce
