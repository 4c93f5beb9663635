#pragma once
/// How much a percentile may be trusted.

#include <cstdint>

namespace atonce {

/// The fewest samples of which the largest lies beyond the `p`-quantile with 99 % confidence:
/// ln(0.01) / ln(p), so 459 for p99 and 4603 for p99.9. With fewer, that percentile is little more
/// than the largest sample. `p` lies in (0, 1).
std::uint64_t samples_needed(double p);

}  // namespace atonce
