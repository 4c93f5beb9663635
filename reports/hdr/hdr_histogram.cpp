#include "reports/hdr/hdr_histogram.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <zlib.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <stdexcept>

#include "reports/hdr/hdr_layout.h"

namespace atonce {
namespace {

/// Format 2, with counts of any width.
constexpr std::uint32_t cookie = 0x1c849313;
constexpr std::uint32_t compressed_cookie = 0x1c849314;

template <class Integer>
void append_big_endian(std::string& bytes, Integer value) {
  for (int shift = 8 * (sizeof value - 1); shift >= 0; shift -= 8)
    bytes += static_cast<char>(value >> shift & 0xff);
}

/// Zigzag, then seven bits a byte, the lowest first; the ninth byte holds eight.
void append_varint(std::string& bytes, std::int64_t value) {
  auto rest = static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63);
  for (int length = 1; rest > 0x7f && length < 9; ++length, rest >>= 7)
    bytes += static_cast<char>(rest | 0x80);
  bytes += static_cast<char>(rest);
}

std::string varints_of(const std::vector<std::uint64_t>& counts) {
  std::string bytes;
  if (counts.empty()) append_varint(bytes, 0);  // as other writers do: some readers want a count
  for (auto at = counts.begin(); at != counts.end();) {
    const auto filled = std::find_if(at, counts.end(), [](std::uint64_t n) { return n > 0; });
    const auto zeros = filled - at;
    if (zeros > 0) append_varint(bytes, zeros == 1 ? 0 : -zeros);
    at = filled;
    if (at != counts.end()) append_varint(bytes, static_cast<std::int64_t>(*at++));
  }
  return bytes;
}

std::string compressed(const std::string& bytes) {
  std::string packed(compressBound(bytes.size()), '\0');
  uLongf size = packed.size();
  const int status =
      compress(reinterpret_cast<Bytef*>(packed.data()), &size,
               reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uLong>(bytes.size()));
  if (status != Z_OK) throw std::runtime_error(fmt::format("zlib cannot compress: {}", status));
  packed.resize(size);
  return packed;
}

std::string base64(const std::string& bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                   reinterpret_cast<const unsigned char*>(bytes.data()),
                                   static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

/// Rounded down, which is where the lower one of HdrHistogram's two buckets ends.
Nanos middle_of(std::uint32_t bucket) {
  return Histogram::bucket_low(bucket) + (Histogram::bucket_width(bucket) - Nanos{1}) / 2;
}

constexpr double ns_per_ms = 1e6;

double in_ms(std::int64_t ns) {
  return static_cast<double>(ns) / ns_per_ms;
}

/// Levels in per cent: five between any level and half the way from it to 100.
double next_level(double level) {
  constexpr double ticks_per_half = 5;
  const double halvings = std::floor(std::log2(100 / (100 - level))) + 1;
  return level + 100 / (ticks_per_half * std::exp2(halvings));
}

}  // namespace

HdrHistogram::HdrHistogram(const BucketCounts& buckets) {
  for (const auto& [bucket, count] : buckets) add(middle_of(bucket), count);
}

HdrHistogram::HdrHistogram(const Histogram& histogram) {
  if (histogram.empty()) return;
  const Nanos max = std::min(histogram.max(), Histogram::highest);
  const Nanos min = std::min(histogram.min(), max);
  BucketCounts buckets = histogram.buckets();
  --buckets.back().second;  // the greatest value, which is added last
  for (const auto& [bucket, count] : buckets) add(std::clamp(middle_of(bucket), min, max), count);
  add(max, 1);
}

void HdrHistogram::add(Nanos value, std::uint64_t count) {
  if (count == 0) return;
  const std::size_t index = hdr::index_of(value.count());
  if (counts_.size() <= index) counts_.resize(index + 1);
  counts_[index] += count;
  count_ += count;
}

std::int64_t HdrHistogram::max() const {
  return counts_.empty() ? 0 : hdr::range_of(counts_.size() - 1).high();
}

double HdrHistogram::mean() const {
  double sum = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i)
    sum += static_cast<double>(counts_[i]) * static_cast<double>(hdr::range_of(i).middle());
  return count_ == 0 ? 0 : sum / static_cast<double>(count_);
}

double HdrHistogram::standard_deviation() const {
  const double centre = mean();
  double sum = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    const double off = static_cast<double>(hdr::range_of(i).middle()) - centre;
    sum += static_cast<double>(counts_[i]) * off * off;
  }
  return count_ == 0 ? 0 : std::sqrt(sum / static_cast<double>(count_));
}

std::string HdrHistogram::payload() const {
  const std::string counts = varints_of(counts_);
  std::string bytes;
  append_big_endian(bytes, cookie);
  append_big_endian(bytes, static_cast<std::uint32_t>(counts.size()));
  append_big_endian(bytes, std::uint32_t{0});  // normalising index offset
  append_big_endian(bytes, std::uint32_t{hdr::significant_digits});
  append_big_endian(bytes, std::uint64_t{1});  // lowest value to tell apart
  append_big_endian(bytes, static_cast<std::uint64_t>(Histogram::highest.count()));
  append_big_endian(bytes, std::bit_cast<std::uint64_t>(1.0));  // ratio of whole to real values
  return bytes + counts;
}

std::string HdrHistogram::encoded() const {
  const std::string packed = compressed(payload());
  std::string bytes;
  append_big_endian(bytes, compressed_cookie);
  append_big_endian(bytes, static_cast<std::uint32_t>(packed.size()));
  return base64(bytes + packed);
}

std::string HdrHistogram::percentile_text() const {
  std::string text = fmt::format("{:>12} {:>14} {:>10} {:>14}\n\n", "Value", "Percentile",
                                 "TotalCount", "1/(1-Percentile)");
  double level = 0;
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    if (counts_[i] == 0) continue;
    seen += counts_[i];
    const double reached = 100.0 * static_cast<double>(seen) / static_cast<double>(count_);
    const double value = in_ms(hdr::range_of(i).high());
    for (; level <= reached && level < 100; level = next_level(level)) {
      text += fmt::format("{:12.3f} {:2.12f} {:10} {:14.2f}\n", value, level / 100, seen,
                          1 / (1 - level / 100));
      if (seen == count_) break;
    }
  }
  if (count_ > 0) text += fmt::format("{:12.3f} {:2.12f} {:10}\n", in_ms(max()), 1.0, count_);
  text += fmt::format("#[Mean    = {:12.3f}, StdDeviation   = {:12.3f}]\n", mean() / ns_per_ms,
                      standard_deviation() / ns_per_ms);
  text += fmt::format("#[Max     = {:12.3f}, Total count    = {:12}]\n", in_ms(max()), count_);
  const int octaves = hdr::octave_of(Histogram::highest.count()) + 1;
  return text +
         fmt::format("#[Buckets = {:12}, SubBuckets     = {:12}]\n", octaves, hdr::sub_buckets);
}

}  // namespace atonce
