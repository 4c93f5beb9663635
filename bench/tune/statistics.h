#pragma once
/// What blocks say about a share of bad calls and about a throughput.

#include <cstddef>
#include <optional>
#include <span>

#include "bench/tune/probe.h"
#include "core/distributions.h"

namespace atonce::tune {

/// Bad calls of one objective.
struct Share {
  double bad = 0, calls = 0;
  double value() const { return calls > 0 ? bad / calls : 0; }
  /// Never 0 nor 1: what logarithms may be taken of.
  double smooth() const { return (bad + 0.5) / (calls + 1); }
};
Share share_of(std::span<const Block> blocks, std::size_t slo);

/// How much more the blocks differ than independent calls would: 1 for those, more where slow calls
/// come in clusters. With the degrees of freedom on which it rests; none below 5 bad calls.
struct Dispersion {
  double factor = 1;
  double degrees = 0;
};
Dispersion dispersion_of(std::span<const Block> blocks, std::size_t slo);

/// How surprising the blocks would be if the share of bad calls was just `share`.
struct Surprise {
  double below = 1;  ///< small: the share is lower
  double above = 1;  ///< small: it is higher
};
/// Student's t on the blocks' shares. Their variance is never taken for less than that of
/// independent calls at `share` times `dispersion`, so that blocks which happen to agree prove
/// nothing. And never less than the binomial law of so many calls gives, which is all there is when
/// no call was bad.
Surprise surprise(std::span<const Block> blocks, std::size_t slo, double share, double dispersion);

/// The first block after a jump of the share of bad calls: sums of deviations from the mean go
/// further than those of blocks that remember their neighbours do. Nothing where there is none.
std::optional<std::size_t> jump_in(std::span<const Block> blocks, std::size_t slo);

/// Of the share of bad calls, each bound wrong with probability `tail`.
Bounds share_bounds(std::span<const Block> blocks, std::size_t slo, double dispersion, double tail);

/// Mean and standard error over blocks; of pairs of neighbours where they differ by more.
struct Mean {
  double value = 0, error = 0;
  double degrees = 0;
};
/// `value` of a block, per second.
Mean rate_of(std::span<const Block> blocks, double (*value)(const Block& block));
/// Calls that ended well; those of them that met all objectives, where a call that is bad for
/// several counts for the worst of them.
double ok_calls(const Block& block);
double good_calls(const Block& block);

/// Whether two samples of blocks of one level differ by more than chance does: in the share of bad
/// calls, whose `dispersion` is known, or in the rate of calls that ended well.
bool differ(std::span<const Block> before, std::span<const Block> now, std::size_t slo,
            double dispersion, double p);
bool rates_differ(std::span<const Block> before, std::span<const Block> now, double p);

}  // namespace atonce::tune
