#pragma once
/// The kind of chart that draws a session call by call on one time axis.

#include <optional>
#include <string>
#include <vector>

#include "reports/chart.h"
#include "reports/comparison.h"

namespace atonce {

struct LanesChartText {
  std::string name, title, caption;
};

/// The lanes of the winner, and below them, for contrast, those of sync_serial where it was played.
/// `lanes` says which of a trial's are drawn. Lines show the medians over all sessions of the
/// longest call, the critical path and the sum. Nothing when sessions have but one call.
std::optional<Chart> lanes_chart(const Comparison& comparison,
                                 std::vector<CallLane> SessionLanes::*lanes, LanesChartText text);

}  // namespace atonce
