#pragma once
/// The kind of chart that shows how a metric is distributed.

#include <optional>
#include <string>

#include "reports/chart.h"
#include "reports/comparison.h"

namespace atonce {

struct PercentileChartText {
  std::string name, title;
  std::string what;    ///< begins the caption: "Response time, counted from ..."
  std::string figure;  ///< the vertical axis
  std::string share;   ///< the horizontal axis: "share of the calls ..."
};

/// One curve per contender, of its representative row. Nothing when none recorded the metric.
std::optional<Chart> percentile_chart(const Comparison& comparison, Metric metric,
                                      PercentileChartText text);

}  // namespace atonce
