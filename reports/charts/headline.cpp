#include "reports/charts/cap_chart.h"
#include "reports/charts/charts.h"

namespace atonce {

std::optional<Chart> headline_chart(const Comparison& comparison) {
  if (headline_figure(comparison.results->shape) == Figure::makespan)
    return cap_chart(
        comparison, Figure::makespan,
        {"makespan", "How long does the whole batch take?",
         "Time from the first call due to the last response, lower is better. The dashed line is "
         "the ideal: a client that costs nothing, given the very delays that were drawn. Thin "
         "lines are 95 % intervals, where "
         "there are any."},
        false, true);
  return cap_chart(
      comparison, Figure::throughput,
      {"throughput", "How many calls per second come through?",
       "Successful calls per second, higher is better. Thin lines are 95 % intervals."},
      false, false);
}

}  // namespace atonce
