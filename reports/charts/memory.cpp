#include "reports/charts/cap_chart.h"
#include "reports/charts/charts.h"

namespace atonce {

std::optional<Chart> memory_chart(const Comparison& comparison) {
  return cap_chart(comparison, Figure::memory_per_call,
                   {"memory_per_call", "How much memory does a call in flight cost the client?",
                    "Growth of resident memory over the most calls in flight, lower is better. "
                    "Below 10 in flight the fixed cost of a library hides it: no mark."},
                   false, false);
}

}  // namespace atonce
