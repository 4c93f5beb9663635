#pragma once
/// The kind of chart that shows how a distribution went on over time: a panel per configuration.

#include <optional>
#include <string>
#include <string_view>

#include "reports/chart.h"
#include "reports/comparison.h"

namespace atonce {

struct HeatChartText {
  std::string name, title;
  std::string what;  ///< begins the caption
  std::string figure;
  std::string_view noun;  ///< of what is counted: "call"
};

/// `values` is a histogram of each slice. Nothing where the runs are too short to have a course.
std::optional<Chart> heat_chart(const Comparison& comparison, BucketCounts TimeSlice::*values,
                                HeatChartText text);

}  // namespace atonce
