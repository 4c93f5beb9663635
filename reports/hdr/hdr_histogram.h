#pragma once
/// Histograms in the form of HdrHistogram (Tene), three significant digits, in whole nanoseconds.

#include <cstdint>
#include <string>
#include <vector>

#include "core/histogram.h"

namespace atonce {

/// Counts by HdrHistogram's own buckets: 2048 below 2048 ns, then 1024 an octave. Each of our
/// buckets (512 an octave) counts as its middle, which keeps every value within
/// Histogram::relative_error.
class HdrHistogram {
 public:
  explicit HdrHistogram(const BucketCounts& buckets);

  std::uint64_t count() const { return count_; }
  /// Upper end of the highest bucket that is not empty; 0 when all are.
  std::int64_t max() const;
  double mean() const;
  double standard_deviation() const;

  /// V2 format: zigzag LEB128 counts, compressed by zlib, in base64. Throws std::runtime_error.
  std::string encoded() const;
  /// As Java's outputPercentileDistribution writes it with five ticks per half distance, in
  /// milliseconds.
  std::string percentile_text() const;

 private:
  std::string payload() const;

  std::vector<std::uint64_t> counts_;  // up to the last that is not 0
  std::uint64_t count_ = 0;
};

}  // namespace atonce
