#pragma once
/// How far quantiles of a sample may lie from those of its law.

#include <cstdint>

#include "core/law.h"

namespace atonce {

struct LawBand {
  double low = 0, high = 0;  ///< seconds
};

/// Where the `rank`-th smallest (from 1) of `count` independent draws lies with a probability of at
/// least 1 - alpha: law's quantiles at those of the order statistic of uniform draws, which is
/// Beta(rank, count - rank + 1). Holds for laws with atoms too.
LawBand order_statistic_band(const Law& law, std::uint64_t rank, std::uint64_t count, double alpha);

}  // namespace atonce
