#include "reports/charts/cap_chart.h"
#include "reports/charts/charts.h"

namespace atonce {

std::optional<Chart> cpu_chart(const Comparison& comparison) {
  return cap_chart(comparison, Figure::cpu_per_call,
                   {"cpu_per_call", "How much CPU time does a call cost the client?",
                    "User and system time of the client process per attempt, lower is better. The "
                    "runner null sends nothing: what it costs is the harness itself."},
                   true, false);
}

}  // namespace atonce
