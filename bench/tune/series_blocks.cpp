#include "bench/tune/series_blocks.h"

#include <algorithm>
#include <cmath>

namespace atonce::tune {
namespace {

/// Where the measured slices of a series lie.
struct Window {
  std::size_t from = 0, to = 0;
  std::size_t together = 1;  ///< slices of a block
};

Window window_of(const TimeSeries& series, const ProbeOrder& order) {
  const double slice = Seconds(series.width).count();
  const double loaded =
      order.warm_up.count() + order.block.count() * static_cast<double>(order.blocks) + slice / 2;
  Window window;
  window.from = static_cast<std::size_t>(std::ceil(order.warm_up.count() / slice));
  window.to = std::min(series.slices.size(), static_cast<std::size_t>(loaded / slice));
  // A block is a whole number of slices: one less rather than one block less.
  const std::size_t room = window.to > window.from ? window.to - window.from : 0;
  const auto wanted = static_cast<std::size_t>(std::lround(order.block.count() / slice));
  window.together = std::max<std::size_t>(
      1, std::min(wanted, std::max(room / order.blocks, wanted > 1 ? wanted - 1 : 1)));
  return window;
}

/// How long a call may last before it counts without having ended.
Nanos longest_of_interest(const ProbeOrder& order, const std::vector<Slo>& slos) {
  Nanos longest{};
  for (const Slo& slo : slos)
    if (slo.kind == Slo::Kind::latency) longest = std::max(longest, slo.limit);
  return longest > Nanos{} ? longest : std::chrono::duration_cast<Nanos>(order.block);
}

/// Buckets stay in rising order.
void count_in(BucketCounts& counts, std::uint32_t bucket, std::uint64_t count) {
  const auto at = std::ranges::lower_bound(counts, bucket, {}, &BucketCounts::value_type::first);
  if (at != counts.end() && at->first == bucket)
    at->second += count;
  else
    counts.insert(at, {bucket, count});
}

class BlockFiller {
 public:
  BlockFiller(Probe& probe, const TimeSeries& series, const std::vector<Slo>& slos)
      : probe_(probe),
        series_(series),
        slos_(slos),
        window_(window_of(series, probe.order)),
        longest_(longest_of_interest(probe.order, slos)) {
    const std::size_t room = window_.to > window_.from ? window_.to - window_.from : 0;
    probe_.blocks.resize(std::min(room / window_.together, probe_.order.blocks));
    for (Block& block : probe_.blocks) {
      block.span = static_cast<double>(window_.together) * Seconds(series_.width);
      block.bad.resize(slos_.size());
    }
    ended_.resize(room);
  }

  void fill() {
    for (std::size_t slice = 0; slice < series_.slices.size(); ++slice) {
      add(series_.slices[slice].response_time, slice, true);
      add(series_.slices[slice].failure_time, slice, false);
    }
    probe_.stalls = stalls();
    probe_.too_short = calls() == 0;
  }

 private:
  void add(const BucketCounts& counts, std::size_t ended_in, bool ok) {
    for (const auto& [bucket, count] : counts) {
      if (ended_in >= window_.from && ended_in - window_.from < ended_.size())
        ended_[ended_in - window_.from] += count;
      const Nanos beyond = std::max(Nanos{}, Histogram::bucket_low(bucket) - longest_);
      const auto before = static_cast<std::size_t>(beyond / series_.width);
      if (before > ended_in || ended_in - before < window_.from) continue;
      const std::size_t at = ended_in - before - window_.from;
      if (at >= probe_.blocks.size() * window_.together) continue;
      add(probe_.blocks[at / window_.together], bucket, count, ok);
      if (ok) probe_.response_time.merge(BucketCounts{{bucket, count}});
    }
  }

  void add(Block& block, std::uint32_t bucket, std::uint64_t count, bool ok) {
    block.calls += count;
    if (ok)
      count_in(block.response_time, bucket, count);
    else
      block.failed += count;
    for (std::size_t i = 0; i < slos_.size(); ++i) {
      const bool is_latency = slos_[i].kind == Slo::Kind::latency;
      if (!ok || (is_latency && bucket > Histogram::bucket_of(slos_[i].limit)))
        block.bad[i] += count;
    }
  }

  std::uint64_t calls() const {
    std::uint64_t sum = 0;
    for (const Block& block : probe_.blocks) sum += block.calls;
    return sum;
  }

  /// Stretches in which nothing ended, behind the first call that did.
  std::size_t stalls() const {
    const double rate = static_cast<double>(calls()) /
                        (static_cast<double>(ended_.size()) * Seconds(series_.width).count());
    const Seconds response(probe_.response_time.mean() * 1e-9);
    std::size_t stalls = 0, empty = 0;
    bool begun = false;
    const auto end_gap = [&] {
      const Seconds gap = static_cast<double>(empty) * Seconds(series_.width);
      stalls += begun && is_stall(gap, rate, response);
      empty = 0;
    };
    for (const std::uint64_t ended : ended_) {
      if (ended == 0) {
        ++empty;
        continue;
      }
      end_gap();
      begun = true;
    }
    end_gap();
    return stalls;
  }

  Probe& probe_;
  const TimeSeries& series_;
  const std::vector<Slo>& slos_;
  const Window window_;
  const Nanos longest_;
  std::vector<std::uint64_t> ended_;  // calls, by slice of the window
};

}  // namespace

void fill_blocks(Probe& probe, const TimeSeries& series, const std::vector<Slo>& slos) {
  BlockFiller(probe, series, slos).fill();
}

}  // namespace atonce::tune
