#include "reports/charts/charts.h"
#include "reports/charts/marks_chart.h"

namespace atonce {

std::optional<Chart> overhead_chart(const Comparison& comparison) {
  return marks_chart(comparison, Metric::client_overhead,
                     {{0.5, "p50"}, {0.9, "p90"}, {0.99, "p99"}},
                     {"client_overhead", "How much time does the client add to a call?",
                      "Service time less the time for which the server held the request; from left "
                      "to right the marks are the median, 90 % and 99 % (with its figure)",
                      "client overhead"});
}

}  // namespace atonce
