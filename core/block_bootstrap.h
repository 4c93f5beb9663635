#pragma once
/// Confidence intervals of a run from its course: what calls of one moment have in common, a queue
/// for example, makes them tell less than as many independent ones.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/interval.h"
#include "core/time_series.h"

namespace atonce {

/// The circular block bootstrap (Politis and Romano 1992): the run is put together anew, many
/// times, from blocks of neighbouring slices drawn with replacement. The lag-1 autocorrelation of
/// the figure sets the length of the blocks (twice that of Carlstein 1986, for circular blocks
/// Politis and White 2004); it is 2 n^(1/3) of n slices at least, and n / 5 at most. Ends are taken
/// further out the fewer blocks there are (expanded percentiles; Hesterberg 2015). Draws are
/// seeded: the same series gives the same intervals.
class BlockBootstrap {
 public:
  /// Below this nothing is said.
  static constexpr std::size_t fewest_slices = 10;

  /// Of the slices that begin at `from` or later and before `end`.
  BlockBootstrap(const TimeSeries& series, Nanos from, Nanos end);

  /// Of the `p`-quantile of response time, in ns. Never narrower than quantile_interval() of the
  /// same calls, and nothing where that gives nothing.
  std::optional<Interval> quantile(double p) const;

  /// Of a rate of ok calls that was measured as `measured` in the same time.
  std::optional<Interval> rate(double measured) const;

 private:
  class Resampling;

  std::size_t slices() const { return spans_.size(); }
  /// Over slices that go round and round: sums_[row][i] is the sum of the first i, i <= 2 n.
  using Sums = std::vector<std::uint32_t>;
  void add_row(const std::vector<std::uint32_t>& counts);
  std::uint32_t sum(std::size_t row, std::size_t begin, std::size_t length) const {
    const auto* sums = &sums_[row * (2 * slices() + 1)];
    return sums[begin + length] - sums[begin];
  }
  std::size_t row_of_quantile(double p) const;

  std::vector<double> spans_;           // seconds
  std::vector<std::uint64_t> ok_;       // calls by slice
  std::vector<std::uint32_t> buckets_;  // in which any call lies, rising
  Sums sums_;                           // a row per bucket: calls up to it
  Histogram calls_;
};

}  // namespace atonce
