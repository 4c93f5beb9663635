#include <algorithm>

#include "reports/charts/charts.h"
#include "reports/charts/stack_chart.h"
#include "reports/charts/style.h"
#include "reports/topics.h"

namespace atonce {

std::optional<Chart> waits_chart(const Comparison& comparison) {
  if (!tells_of(comparison, Topic::pool)) return {};
  std::vector<Stack> stacks;
  std::vector<const Row*> rows;
  for (const auto* row : representatives(comparison)) {
    // Means, because they add up.
    stacks.push_back(
        {row,
         {pooled(*row, Metric::cap_wait).mean(), pooled(*row, Metric::connection_wait).mean(),
          pooled(*row, Metric::send_lag).mean()}});
    rows.push_back(row);
  }
  return stack_chart(comparison, stacks,
                     {{"for a slot under the cap", "hue0"},
                      {"for a connection", "hue1"},
                      {"for the runner to send", "neutral"}},
                     Unit::nanoseconds,
                     {"waits", "Where do calls wait before they are sent?",
                      "Mean waits of an attempt, one after the other, at " + cap_in_words(rows) +
                          ". A cap holds a call back before it is handed out; with fewer "
                          "connections than calls in "
                          "flight, calls that were handed out wait for one.",
                      "mean wait of an attempt"});
}

}  // namespace atonce
