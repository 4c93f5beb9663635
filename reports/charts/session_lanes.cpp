#include "reports/charts/charts.h"
#include "reports/charts/lanes_chart.h"

namespace atonce {

std::optional<Chart> session_lanes_chart(const Comparison& comparison) {
  return lanes_chart(
      comparison, &SessionLanes::example,
      {"session_lanes", "Where does the time of a session go?",
       "The session whose time is the median, call by call, first repetition; a lighter bar is the "
       "wait of a call that was ready before it was sent. The vertical lines are medians over all "
       "sessions, by the server's account of its delays."});
}

}  // namespace atonce
