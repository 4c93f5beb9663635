#include "reports/charts/charts.h"
#include "reports/charts/lanes_chart.h"

namespace atonce {

std::optional<Chart> session_medians_chart(const Comparison& comparison) {
  return lanes_chart(
      comparison, &SessionLanes::median,
      {"session_medians", "Does a session take the sum of its calls, or its longest path?",
       "For each call the medians over all sessions of when it was ready, sent and done, first "
       "repetition. Calls that wait for nobody overlap: a concurrent session is over at its "
       "critical path, one call after the other takes the sum."});
}

}  // namespace atonce
