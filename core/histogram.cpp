#include "core/histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <stdexcept>

namespace atonce {
namespace {

constexpr int sub_bucket_bits = 9;  // 512 buckets an octave

/// How many low bits of `value` its bucket ignores.
constexpr int shift_of(std::uint64_t value) {
  constexpr std::uint64_t smallest_octave = std::uint64_t{1} << sub_bucket_bits;
  return static_cast<int>(std::bit_width(value | smallest_octave)) - 1 - sub_bucket_bits;
}

/// Consecutive over the octaves: the leading bit of `value >> shift` carries into the next one.
constexpr std::uint32_t index_of(std::uint64_t value) {
  const int shift = shift_of(value);
  return static_cast<std::uint32_t>((shift << sub_bucket_bits) + (value >> shift));
}

constexpr int shift_of_bucket(std::uint32_t index) {
  return std::max(0, static_cast<int>(index >> sub_bucket_bits) - 1);
}

constexpr std::uint32_t bucket_count = index_of(Histogram::highest.count()) + 1;

}  // namespace

void Histogram::reserve() {
  counts_.resize(bucket_count);
}

void Histogram::record_n(Nanos value, std::uint64_t times) {
  if (times == 0) return;
  if (counts_.empty()) reserve();
  const std::int64_t at_least_0 = std::max<std::int64_t>(value.count(), 0);
  const std::int64_t counted = std::min<std::int64_t>(at_least_0, highest.count());
  counts_[index_of(static_cast<std::uint64_t>(counted))] += times;
  count_ += times;
  saturated_ += value > highest ? times : 0;
  negative_ += value < Nanos{0} ? times : 0;
  sum_ += static_cast<std::uint64_t>(counted) * times;
  min_ = std::min(min_, at_least_0);
  max_ = std::max(max_, at_least_0);
}

void Histogram::merge(const Histogram& other) {
  if (other.empty()) return;
  if (counts_.empty()) reserve();
  for (std::uint32_t i = 0; i < bucket_count; ++i) counts_[i] += other.counts_[i];
  count_ += other.count_;
  saturated_ += other.saturated_;
  negative_ += other.negative_;
  sum_ += other.sum_;
  min_ = std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
}

void Histogram::merge(const BucketCounts& buckets) {
  for (const auto& [index, times] : buckets)
    record_n(bucket_low(index) + bucket_width(index) / 2, times);
}

Nanos Histogram::min() const {
  return Nanos{empty() ? 0 : min_};
}

Nanos Histogram::max() const {
  return Nanos{max_};
}

double Histogram::mean() const {
  return empty() ? 0 : static_cast<double>(sum_) / static_cast<double>(count_);
}

Nanos Histogram::quantile(double p) const {
  if (empty()) return Nanos{0};
  // One step down, or the rounding of a product such as 0.07 * 100 would lift it to the next rank.
  const double rank = std::ceil(std::nextafter(p, 0.0) * static_cast<double>(count_));
  const auto wanted = std::clamp<std::uint64_t>(static_cast<std::uint64_t>(rank), 1, count_);
  std::uint64_t seen = 0;
  std::uint32_t bucket = 0;
  while ((seen += counts_[bucket]) < wanted) ++bucket;
  return std::clamp(bucket_low(bucket) + bucket_width(bucket) / 2, min(), max());
}

std::uint64_t Histogram::count_up_to(Nanos value) const {
  if (value < Nanos{0}) return 0;
  if (value >= max()) return count_;
  const auto first_beyond =
      counts_.begin() + std::min(index_of(value.count() + 1), bucket_count - 1);
  std::uint64_t below = 0;
  std::for_each(counts_.begin(), first_beyond, [&](std::uint64_t n) { below += n; });
  return below;
}

BucketCounts Histogram::buckets() const {
  BucketCounts filled;
  for (std::uint32_t i = 0; i < counts_.size(); ++i)
    if (counts_[i] > 0) filled.emplace_back(i, counts_[i]);
  return filled;
}

std::uint32_t Histogram::bucket_of(Nanos value) {
  return index_of(std::clamp<std::int64_t>(value.count(), 0, highest.count()));
}

Nanos Histogram::bucket_low(std::uint32_t index) {
  const int shift = shift_of_bucket(index);
  const std::int64_t leading = index - (static_cast<std::uint32_t>(shift) << sub_bucket_bits);
  return Nanos{leading << shift};
}

Nanos Histogram::bucket_width(std::uint32_t index) {
  return Nanos{std::int64_t{1} << shift_of_bucket(index)};
}

Histogram::Totals Histogram::totals() const {
  return {.min = min().count(),
          .max = max_,
          .sum = sum_,
          .saturated = saturated_,
          .negative = negative_};
}

Histogram Histogram::restore(std::span<const std::pair<std::uint32_t, std::uint64_t>> buckets,
                             const Totals& totals) {
  Histogram histogram;
  histogram.reserve();
  for (const auto& [index, count] : buckets) {
    if (index >= bucket_count) throw std::invalid_argument("histogram bucket out of range");
    histogram.counts_[index] += count;
    histogram.count_ += count;
  }
  if (histogram.empty()) return {};
  histogram.saturated_ = totals.saturated;
  histogram.negative_ = totals.negative;
  histogram.min_ = totals.min;
  histogram.max_ = totals.max;
  histogram.sum_ = totals.sum;
  return histogram;
}

bool Histogram::operator==(const Histogram& other) const {
  return count_ == other.count_ && saturated_ == other.saturated_ && negative_ == other.negative_ &&
         sum_ == other.sum_ && min_ == other.min_ && max_ == other.max_ &&
         (empty() || counts_ == other.counts_);
}

}  // namespace atonce
