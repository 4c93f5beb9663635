#include "core/block_bootstrap.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/distributions.h"
#include "core/random.h"

namespace atonce {
namespace {

constexpr std::uint64_t seed = 1;
constexpr std::size_t replicates = 1000;
constexpr std::size_t most_slices = 256;
constexpr std::size_t fewest_blocks = 5;

/// The slices of the series that begin within [from, end), wide enough to be 256 at most.
TimeSeries part_of(const TimeSeries& series, Nanos from, Nanos end, Nanos& first) {
  TimeSeries part{.width = series.width};
  if (series.width <= Nanos{0}) return part;
  const auto skipped = (from + series.width - Nanos{1}) / series.width;
  first = skipped * series.width;
  for (auto i = static_cast<std::size_t>(skipped);
       i < series.slices.size() && static_cast<std::int64_t>(i) * series.width < end; ++i)
    part.slices.push_back(series.slices[i]);
  while (part.slices.size() > most_slices) part = halved(part);
  return part;
}

double autocorrelation(const std::vector<double>& values) {
  const auto count = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
  double variance = 0, product = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    variance += (values[i] - mean) * (values[i] - mean);
    if (i > 0) product += (values[i] - mean) * (values[i - 1] - mean);
  }
  return variance > 0 ? product / variance : 0;
}

/// `deviations`: what each slice adds to the error of the figure. Twice the length that gives the
/// best estimate of the variance: an interval suffers more from the dependence that short blocks
/// cut off than from being made of fewer blocks, for which its ends are moved out.
std::size_t block_length(const std::vector<double>& deviations) {
  constexpr double highest = 0.99;
  const double rho = std::clamp(autocorrelation(deviations), 0.0, highest);
  const double of_lag_1 = std::pow(std::sqrt(6.0) * rho / (1 - rho * rho), 2.0 / 3);
  const double length = 2 * std::cbrt(deviations.size()) * std::max(1.0, of_lag_1);
  return std::clamp<std::size_t>(static_cast<std::size_t>(std::ceil(length)), 1,
                                 deviations.size() / fewest_blocks);
}

/// How many of the sorted replicates lie beyond each end.
std::size_t cut_of(double blocks) {
  const double reach = std::sqrt(blocks / (blocks - 1)) * t_at(0.025, std::max(1.0, blocks - 1));
  const double tail = std::erfc(reach / std::sqrt(2.0)) / 2;
  return static_cast<std::size_t>(tail * static_cast<double>(replicates));
}

template <class Value>
struct Ends {
  Value low{}, high{};
};

}  // namespace

/// The blocks of each replicate.
class BlockBootstrap::Resampling {
 public:
  Resampling(std::size_t slices, std::size_t length) : slices_(slices), length_(length) {}

  double blocks() const { return static_cast<double>(slices_) / static_cast<double>(length_); }

  /// `measure(starts, last)`: of blocks that begin at `starts`, the last of them `last` slices
  /// long.
  template <class Measure>
  auto ends(Measure measure) const {
    std::vector<std::size_t> starts((slices_ + length_ - 1) / length_);
    std::vector<decltype(measure(starts, length_))> figures;
    figures.reserve(replicates);
    const std::size_t last = slices_ - (starts.size() - 1) * length_;
    std::uint64_t draw = 0;
    for (std::size_t i = 0; i < replicates; ++i) {
      for (auto& start : starts) start = hash(seed, draw++, Stream::resampling) % slices_;
      figures.push_back(measure(starts, last));
    }
    std::ranges::sort(figures);
    const std::size_t cut = cut_of(blocks());
    return Ends<typename decltype(figures)::value_type>{figures[cut],
                                                        figures[replicates - 1 - cut]};
  }

  /// sum(begin, length) over all blocks.
  template <class Sum>
  auto total(const std::vector<std::size_t>& starts, std::size_t last, Sum sum) const {
    auto all = sum(starts.back(), last);
    for (std::size_t i = 0; i + 1 < starts.size(); ++i) all += sum(starts[i], length_);
    return all;
  }

 private:
  std::size_t slices_, length_;
};

BlockBootstrap::BlockBootstrap(const TimeSeries& series, Nanos from, Nanos end) {
  Nanos first{};
  const TimeSeries part = part_of(series, from, end, first);
  const std::size_t count = part.slices.size();
  if (count < fewest_slices) return;
  for (std::size_t i = 0; i < count; ++i) {
    const Nanos begin = first + static_cast<std::int64_t>(i) * part.width;
    spans_.push_back(std::chrono::duration<double>(std::min(part.width, end - begin)).count());
    ok_.push_back(part.slices[i].ok);
    calls_.merge(part.slices[i].response_time);
  }
  std::vector<std::uint32_t> up_to(count);
  std::vector<std::size_t> next(count);
  for (const auto& [bucket, calls] : calls_.buckets()) {
    for (std::size_t i = 0; i < count; ++i) {
      const auto& own = part.slices[i].response_time;
      if (next[i] < own.size() && own[next[i]].first == bucket)
        up_to[i] += static_cast<std::uint32_t>(own[next[i]++].second);
    }
    buckets_.push_back(bucket);
    add_row(up_to);
  }
}

/// A sum may pass 2^32 and begin anew: differences come out right all the same.
void BlockBootstrap::add_row(const std::vector<std::uint32_t>& counts) {
  std::uint32_t sum = 0;
  sums_.push_back(0);
  for (int round = 0; round < 2; ++round)
    for (const std::uint32_t count : counts) sums_.push_back(sum += count);
}

std::size_t BlockBootstrap::row_of_quantile(double p) const {
  const std::uint32_t bucket = Histogram::bucket_of(calls_.quantile(p));
  const auto found = std::ranges::lower_bound(buckets_, bucket);
  return std::min(static_cast<std::size_t>(found - buckets_.begin()), buckets_.size() - 1);
}

std::optional<Interval> BlockBootstrap::quantile(double p) const {
  auto interval = quantile_interval(calls_, p);
  if (!interval) return {};
  const std::size_t middle = row_of_quantile(p), last_row = buckets_.size() - 1;
  const double share = static_cast<double>(sum(middle, 0, slices())) /
                       static_cast<double>(sum(last_row, 0, slices()));
  std::vector<double> deviations;
  for (std::size_t i = 0; i < slices(); ++i)
    deviations.push_back(sum(middle, i, 1) - share * sum(last_row, i, 1));
  const Resampling resampling(slices(), block_length(deviations));
  const auto [low, high] = resampling.ends([&](const auto& starts, std::size_t last) {
    const auto up_to = [&](std::size_t row) {
      return resampling.total(starts, last, [&](std::size_t begin, std::size_t length) {
        return std::uint64_t{sum(row, begin, length)};
      });
    };
    const double wanted = p * static_cast<double>(up_to(last_row));
    std::size_t below = 0, found = last_row;  // found holds the quantile, those before `below` not
    while (below < found) {
      const std::size_t row = std::midpoint(below, found);
      if (static_cast<double>(up_to(row)) >= wanted)
        found = row;
      else
        below = row + 1;
    }
    return buckets_[found];
  });
  const auto ns = [](Nanos edge) { return static_cast<double>(edge.count()); };
  interval->low = std::min(interval->low, ns(Histogram::bucket_low(low)));
  interval->high =
      std::max(interval->high, ns(Histogram::bucket_low(high) + Histogram::bucket_width(high)));
  interval->method = IntervalMethod::block_bootstrap;
  interval->of = slices();
  return interval;
}

std::optional<Interval> BlockBootstrap::rate(double measured) const {
  if (spans_.empty()) return {};
  std::vector<double> calls{0}, seconds{0};
  for (int round = 0; round < 2; ++round)
    for (std::size_t i = 0; i < slices(); ++i) {
      calls.push_back(calls.back() + static_cast<double>(ok_[i]));
      seconds.push_back(seconds.back() + spans_[i]);
    }
  const double mean = calls.back() / seconds.back();
  if (mean <= 0) return {};
  std::vector<double> deviations;
  for (std::size_t i = 0; i < slices(); ++i)
    deviations.push_back(static_cast<double>(ok_[i]) - mean * spans_[i]);
  const Resampling resampling(slices(), block_length(deviations));
  const auto [low, high] = resampling.ends([&](const auto& starts, std::size_t last) {
    const auto total = [&](const std::vector<double>& sums) {
      return resampling.total(starts, last, [&](std::size_t begin, std::size_t length) {
        return sums[begin + length] - sums[begin];
      });
    };
    return total(calls) / total(seconds);
  });
  return Interval{measured * low / mean, measured * high / mean, IntervalMethod::block_bootstrap,
                  slices()};
}

}  // namespace atonce
