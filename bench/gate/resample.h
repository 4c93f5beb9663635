#pragma once
/// What can be told of a set of differences by drawing from it again. The seed is fixed: the same
/// differences give the same answer.

#include <cstddef>
#include <cstdint>
#include <span>

#include "bench/gate/record.h"

namespace atonce::gate {

/// A gate that cannot see this much is not worth much.
inline constexpr double worth_seeing = 0.10;

/// The smallest effect, as a share (0.05 = 5 %), that would end in FAIL with probability 0.99
/// within `pairs` pairs, when it shows in one of `cells` cells and the noise is that of
/// `differences` around their centre. Infinite when no effect would; nothing is known of fewer
/// than 5.
double smallest_detectable(std::span<const double> differences, const Rules& rules,
                           std::size_t cells, std::size_t pairs);

/// One-sided p-value of "not worse than tolerated" from flipping the signs of the differences:
/// exact up to 14 of them, else from 10,000 draws. It holds for a number of pairs that was fixed
/// before, so beside a verdict that chose its own end it is a cross-check and no more.
double sign_flip_p(std::span<const double> differences, double margin);

}  // namespace atonce::gate
