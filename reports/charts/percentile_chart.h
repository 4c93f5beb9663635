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

/// A line of such a chart.
struct PercentileCurve {
  Series style;       ///< without points
  std::string label;  ///< in the table
  std::size_t contender = 0;
  Histogram values{};       ///< not empty
  std::string mark{};       ///< written above the curve; empty for none
  double marked_at = 0.99;  ///< at this percentile
};

/// `caption` is the whole of it. `curves` must not be empty.
Chart percentile_chart(std::vector<PercentileCurve> curves, PercentileChartText text,
                       std::string caption);

/// One curve per contender, of its representative row. Nothing when none recorded the metric.
std::optional<Chart> percentile_chart(const Comparison& comparison, Metric metric,
                                      PercentileChartText text);

}  // namespace atonce
