#pragma once
/// HdrHistogram's buckets for three significant digits and a unit of 1.

#include <bit>
#include <cstddef>
#include <cstdint>

namespace atonce::hdr {

inline constexpr int significant_digits = 3;
inline constexpr int sub_bucket_bits = 11;  // the smallest power of two above 2 * 10^3
inline constexpr std::int64_t sub_buckets = std::int64_t{1} << sub_bucket_bits;
inline constexpr std::int64_t half = sub_buckets / 2;

inline int octave_of(std::int64_t value) {
  const auto at_least = static_cast<std::uint64_t>(value | (sub_buckets - 1));
  return static_cast<int>(std::bit_width(at_least)) - sub_bucket_bits;
}

inline std::size_t index_of(std::int64_t value) {
  const int octave = octave_of(value);
  return static_cast<std::size_t>(octave * half + (value >> octave));
}

struct Range {
  std::int64_t low, width;
  std::int64_t high() const { return low + width - 1; }
  std::int64_t middle() const { return low + width / 2; }
};

inline Range range_of(std::size_t index) {
  const auto number = static_cast<std::int64_t>(index);
  if (number < sub_buckets) return {number, 1};
  const std::int64_t octave = number / half - 1;
  return {(number - octave * half) << octave, std::int64_t{1} << octave};
}

}  // namespace atonce::hdr
