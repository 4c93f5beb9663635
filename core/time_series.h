#pragma once
/// What happened when: counts and histograms of a run, slice by slice.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/histogram.h"

namespace atonce {

/// What ended, or was done, within one slice of time.
struct TimeSlice {
  std::uint64_t offered = 0;  ///< calls whose session was due; 0 under a closed load
  std::uint64_t ok = 0;       ///< calls that ended well
  std::uint64_t failed = 0;   ///< calls that ended otherwise
  std::size_t peak_in_flight = 0;
  std::size_t limit = 0;         ///< at its end, where it is adaptive; else 0
  Nanos cpu{};                   ///< of the trial's process
  BucketCounts response_time{};  ///< of the calls that ended well
  BucketCounts failure_time{};   ///< from when a call was due to its end, where it ended otherwise
  BucketCounts send_lag{};       ///< of the attempts that ended
};

/// From the start of the run, without gaps. The warm-up is in it.
struct TimeSeries {
  Nanos width{};
  std::vector<TimeSlice> slices{};
};

/// Adds two lists of buckets, both by rising index.
BucketCounts merged(const BucketCounts& one, const BucketCounts& other);

/// What happened in either of two slices, side by side or one after the other: counts are added, of
/// the peaks the higher one counts, of the limits the later.
TimeSlice sum(const TimeSlice& one, const TimeSlice& other);

/// Every two slices as one of twice the width.
TimeSeries halved(const TimeSeries& series);

/// Fills a series as a run goes on. Slices are 1/128 s wide; every time there are 4096 of them,
/// they become half as many of twice the width, so that one second is a whole number of slices for
/// the first 68 minutes. Allocates when a slice ends, and not otherwise once reserved. Not
/// thread-safe.
class SliceRecorder {
 public:
  static constexpr Nanos first_width{7'812'500};
  static constexpr std::size_t most_slices = 4096;

  void reserve();
  /// Slices count from here.
  void begin(Instant start) { start_ = start; }

  /// What is reported late, because threads overtook each other, counts in the slice at hand.
  void on_call(Instant at, bool ok, Nanos response_time);
  void on_attempt(Instant at, Nanos send_lag);
  void on_in_flight(std::size_t in_flight);
  void on_limit(std::size_t limit) { current_.limit = limit; }

  /// With the slice that has not ended yet.
  TimeSeries series() const;

 private:
  /// Counts of the slice at hand, kept dense, and which of them are not 0.
  class Tally {
   public:
    void reserve();
    void add(Nanos value);
    BucketCounts counts() const;
    void clear();

   private:
    std::vector<std::uint32_t> counts_, touched_;
  };

  void advance(Instant at);
  TimeSlice current() const;

  Instant start_{};
  TimeSeries ended_{.width = first_width};
  TimeSlice current_;  // without its buckets
  std::size_t in_flight_ = 0;
  Tally response_time_, failure_time_, send_lag_;
};

}  // namespace atonce
