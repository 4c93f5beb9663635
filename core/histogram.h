#pragma once
/// Log-linear histogram of durations.

#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "core/clock.h"

namespace atonce {

/// Non-empty buckets as (index, count), by rising index.
using BucketCounts = std::vector<std::pair<std::uint32_t, std::uint64_t>>;

/// Counts of durations from 0 ns to `highest`, in fixed memory: none while empty and not reserved,
/// else about 140 KiB. Values below 1024 ns are exact; above, each octave has 512 buckets, so a
/// reported value is within `relative_error` of the true one. Larger values are counted as
/// `highest` and in `saturated()`; negative ones as 0 and in `negative()`. Once reserved, recording
/// neither allocates nor synchronises: one histogram per worker, then merge. Not thread-safe.
class Histogram {
 public:
  static constexpr double relative_error = 1.0 / 1024;
  static constexpr Nanos highest = std::chrono::hours(2);

  /// Allocates and touches the memory now, rather than at the first value.
  void reserve();

  void record(Nanos value) { record_n(value, 1); }
  void record_n(Nanos value, std::uint64_t times);

  /// Exact: the merged histogram is the one that had recorded both sets of values.
  void merge(const Histogram& other);
  /// Buckets of a histogram whose totals are not known: values count as the middle of theirs.
  void merge(const BucketCounts& buckets);

  std::uint64_t count() const { return count_; }
  std::uint64_t saturated() const { return saturated_; }
  std::uint64_t negative() const { return negative_; }
  bool empty() const { return count_ == 0; }

  /// Exact (`max` beyond `highest` too); 0 when empty.
  Nanos min() const;
  Nanos max() const;
  /// In nanoseconds, of the values as counted, from their exact sum; 0 when empty. The sum has room
  /// for 584 years.
  double mean() const;

  /// The value at rank ceil(p * count), p in [0, 1] (nearest-rank definition), as the middle of its
  /// bucket clamped to [min, max]. 0 when empty.
  Nanos quantile(double p) const;
  /// How many recorded values lie in buckets that end at or below `value`; all from max() on.
  std::uint64_t count_up_to(Nanos value) const;

  /// The stored form.
  BucketCounts buckets() const;
  /// The bucket in which `value` is counted.
  static std::uint32_t bucket_of(Nanos value);
  /// Smallest value that falls into bucket `index`, and its width.
  static Nanos bucket_low(std::uint32_t index);
  static Nanos bucket_width(std::uint32_t index);

  /// The summary that buckets alone cannot give back.
  struct Totals {
    std::int64_t min = 0, max = 0;
    std::uint64_t sum = 0;
    std::uint64_t saturated = 0, negative = 0;
  };
  Totals totals() const;
  /// The inverse of buckets() and totals(). Throws std::invalid_argument on an index out of range.
  static Histogram restore(std::span<const std::pair<std::uint32_t, std::uint64_t>> buckets,
                           const Totals& totals);

  /// The same values were recorded, as far as buckets and totals can tell.
  bool operator==(const Histogram& other) const;

 private:
  std::vector<std::uint64_t> counts_;
  std::uint64_t count_ = 0, saturated_ = 0, negative_ = 0;
  std::uint64_t sum_ = 0;
  std::int64_t min_ = std::numeric_limits<std::int64_t>::max(), max_ = 0;
};

}  // namespace atonce
