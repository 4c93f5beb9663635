#pragma once
/// The kind of chart that has a bar per contender, made of parts that add up.

#include <string>
#include <vector>

#include "reports/chart.h"
#include "reports/comparison.h"

namespace atonce {

struct StackPart {
  std::string name;
  std::string colour;  ///< name in the palette
};

/// A bar: the size of each part, in the order of the parts.
struct Stack {
  const Row* row;
  std::vector<double> sizes;
};

struct StackChartText {
  std::string name, title, caption;
  std::string figure;  ///< the horizontal axis
};

/// Parts that are nowhere larger than 0 are left out. `stacks` must not be empty.
Chart stack_chart(const Comparison& comparison, const std::vector<Stack>& stacks,
                  const std::vector<StackPart>& parts, Unit unit, StackChartText text);

}  // namespace atonce
