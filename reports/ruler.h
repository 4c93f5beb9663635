#pragma once
/// Fits an axis to the figures that it must show.

#include <string>
#include <vector>

#include "reports/chart.h"
#include "reports/figures.h"

namespace atonce {

/// Logarithmic when all figures are positive and the largest is at least 8 times the smallest;
/// else linear from 0. Ticks are round numbers of the unit, at most ten.
class Ruler {
 public:
  Ruler(Unit unit, const std::vector<double>& figures);

  /// Where a figure stands on the axis; figures beyond the ends stand at the ends.
  double place(double figure) const;
  Axis axis(std::string title) const;
  bool logarithmic() const { return logarithmic_; }

 private:
  std::vector<double> round_figures() const;
  std::vector<double> rungs(int stride) const;
  std::vector<double> steps() const;

  Unit unit_;
  bool logarithmic_ = false;
  double low_ = 0, high_ = 1;
};

}  // namespace atonce
