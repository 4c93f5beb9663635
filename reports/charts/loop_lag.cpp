#include "reports/charts/charts.h"
#include "reports/charts/marks_chart.h"
#include "reports/topics.h"

namespace atonce {

std::optional<Chart> loop_lag_chart(const Comparison& comparison) {
  if (!tells_of(comparison, Topic::steps)) return {};
  return marks_chart(comparison, Metric::loop_lag, {{0.5, "p50"}, {0.99, "p99"}, {1, "max"}},
                     {"loop_lag", "For how long is the event loop held up?",
                      "How late the loop ran a heartbeat that was due every 10 ms; from left to "
                      "right the marks are the median, 99 % and the worst (with its figure)",
                      "loop lag"});
}

}  // namespace atonce
