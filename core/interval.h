#pragma once
/// 95 % confidence intervals of figures: where they would lie if all was measured again.

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "core/histogram.h"

namespace atonce {

enum class IntervalMethod : unsigned char {
  order_statistics,  ///< ranks of values that are independent of each other
  block_bootstrap,   ///< resampled slices of time, which may depend on their neighbours
  median_ranks,      ///< ranks of repetitions
  log_t,             ///< Student's t on the logarithms of repetitions
};

/// "order_statistics", ...
std::string_view name(IntervalMethod method);

struct Interval {
  double low = 0, high = 0;
  IntervalMethod method = IntervalMethod::order_statistics;
  std::size_t of = 0;  ///< values, slices or repetitions on which it rests
};

/// Of the `p`-quantile of independent values, whatever their law: between two order statistics, by
/// the binomial law of how many values lie below the quantile (David and Nagaraja, "Order
/// Statistics", 3rd edition, 7.1). In ns, to the outer edges of their buckets. Nothing when there
/// are too few values for both ends: 368 for p99.
std::optional<Interval> quantile_interval(const Histogram& values, double p);

/// Of the median over repetitions: from six on order statistics, below Student's t on the
/// logarithms, which takes the repetitions for lognormal. Nothing for a single one, or where a
/// value that must have a logarithm is not above 0.
std::optional<Interval> repetition_interval(std::vector<double> values);

}  // namespace atonce
