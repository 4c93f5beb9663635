#pragma once
/// Histograms in the form of HdrHistogram (Tene), three significant digits, in whole nanoseconds.

#include <cstdint>
#include <string>
#include <vector>

#include "core/histogram.h"

namespace atonce {

/// Counts by HdrHistogram's own buckets: 2048 below 2048 ns, then 1024 an octave, two for each of
/// ours. HdrHistogram tells a value as the end of its bucket: each of ours counts in the one that
/// ends in its middle, so that every value read from it is within Histogram::relative_error.
class HdrHistogram {
 public:
  explicit HdrHistogram(const BucketCounts& buckets);
  /// The least and the greatest value are known, and stand in the very buckets that hold them.
  explicit HdrHistogram(const Histogram& histogram);

  std::uint64_t count() const { return count_; }
  /// Upper end of the highest bucket that is not empty; 0 when all are.
  std::int64_t max() const;
  double mean() const;
  double standard_deviation() const;

  /// V2 format: zigzag LEB128 counts.
  std::string payload() const;
  /// The same compressed by zlib, in base64. Throws std::runtime_error.
  std::string encoded() const;
  /// As Java's outputPercentileDistribution writes it with five ticks per half distance, in
  /// milliseconds.
  std::string percentile_text() const;

 private:
  void add(Nanos value, std::uint64_t count);

  std::vector<std::uint64_t> counts_;  // up to the last that is not 0
  std::uint64_t count_ = 0;
};

}  // namespace atonce
