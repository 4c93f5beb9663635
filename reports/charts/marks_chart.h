#pragma once
/// The kind of chart that has a row per contender, with a few percentiles of a metric marked on it.

#include <optional>
#include <string>
#include <vector>

#include "reports/chart.h"
#include "reports/comparison.h"

namespace atonce {

struct Mark {
  double p = 0;  ///< 1: the largest
  std::string name;
};

struct MarksChartText {
  std::string name, title;
  std::string what;    ///< begins the caption: what is shown, and what the marks are
  std::string figure;  ///< the horizontal axis
};

/// Of representative rows; the last mark is labelled. Nothing when none recorded the metric.
std::optional<Chart> marks_chart(const Comparison& comparison, Metric metric,
                                 const std::vector<Mark>& marks, MarksChartText text);

}  // namespace atonce
