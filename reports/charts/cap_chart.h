#pragma once
/// The kind of chart that shows one figure against the cap.

#include <optional>
#include <string>

#include "reports/chart.h"
#include "reports/comparison.h"

namespace atonce {

struct CapChartText {
  std::string name, title, caption;
};

/// One series per contender, one mark per cap; marks of one cap stand side by side, so that equal
/// figures do not hide each other. A thin line spans the 95 % interval. With `with_ideal` a further
/// line shows the ideal makespan. Nothing when no row has `figure`.
std::optional<Chart> cap_chart(const Comparison& comparison, Figure figure, CapChartText text,
                               bool with_floor, bool with_ideal);

}  // namespace atonce
