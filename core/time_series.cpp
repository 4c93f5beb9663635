#include "core/time_series.h"

#include <algorithm>
#include <utility>

namespace atonce {

TimeSlice sum(const TimeSlice& one, const TimeSlice& other) {
  return {.offered = one.offered + other.offered,
          .ok = one.ok + other.ok,
          .failed = one.failed + other.failed,
          .peak_in_flight = std::max(one.peak_in_flight, other.peak_in_flight),
          .limit = other.limit,
          .cpu = one.cpu + other.cpu,
          .response_time = merged(one.response_time, other.response_time),
          .failure_time = merged(one.failure_time, other.failure_time),
          .send_lag = merged(one.send_lag, other.send_lag)};
}

BucketCounts merged(const BucketCounts& one, const BucketCounts& other) {
  BucketCounts all;
  all.reserve(one.size() + other.size());
  std::ranges::merge(one, other, std::back_inserter(all), {}, &BucketCounts::value_type::first,
                     &BucketCounts::value_type::first);
  std::size_t last = 0;
  for (std::size_t i = 1; i < all.size(); ++i) {
    if (all[i].first == all[last].first)
      all[last].second += all[i].second;
    else
      all[++last] = all[i];
  }
  if (!all.empty()) all.resize(last + 1);
  return all;
}

TimeSeries halved(const TimeSeries& series) {
  TimeSeries wide{.width = 2 * series.width};
  const auto& slices = series.slices;
  for (std::size_t i = 0; i < slices.size(); i += 2)
    wide.slices.push_back(i + 1 < slices.size() ? sum(slices[i], slices[i + 1]) : slices[i]);
  return wide;
}

void SliceRecorder::Tally::reserve() {
  counts_.resize(Histogram::bucket_of(Histogram::highest) + 1);
  touched_.reserve(counts_.size());
}

void SliceRecorder::Tally::add(Nanos value) {
  if (counts_.empty()) reserve();
  const std::uint32_t bucket = Histogram::bucket_of(value);
  if (counts_[bucket]++ == 0) touched_.push_back(bucket);
}

BucketCounts SliceRecorder::Tally::counts() const {
  BucketCounts counts;
  counts.reserve(touched_.size());
  for (const std::uint32_t bucket : touched_) counts.emplace_back(bucket, counts_[bucket]);
  std::ranges::sort(counts);
  return counts;
}

void SliceRecorder::Tally::clear() {
  for (const std::uint32_t bucket : touched_) counts_[bucket] = 0;
  touched_.clear();
}

void SliceRecorder::reserve() {
  ended_.slices.reserve(most_slices);
  response_time_.reserve();
  failure_time_.reserve();
  send_lag_.reserve();
}

void SliceRecorder::on_call(Instant at, bool ok, Nanos response_time) {
  advance(at);
  ++(ok ? current_.ok : current_.failed);
  (ok ? response_time_ : failure_time_).add(response_time);
}

void SliceRecorder::on_attempt(Instant at, Nanos send_lag) {
  advance(at);
  send_lag_.add(send_lag);
}

void SliceRecorder::on_in_flight(std::size_t in_flight) {
  in_flight_ = in_flight;
  current_.peak_in_flight = std::max(current_.peak_in_flight, in_flight);
}

TimeSeries SliceRecorder::series() const {
  TimeSeries series = ended_;
  series.slices.push_back(current());
  return series;
}

/// Ends the slice at hand when `at` lies behind it, and passes over those in which nothing ended.
void SliceRecorder::advance(Instant at) {
  const auto slice_of = [&] { return static_cast<std::size_t>((at - start_) / ended_.width); };
  if (at < start_ || slice_of() <= ended_.slices.size()) return;
  ended_.slices.push_back(current());
  response_time_.clear();
  failure_time_.clear();
  send_lag_.clear();
  current_ = {.peak_in_flight = in_flight_, .limit = current_.limit};
  while (slice_of() >= most_slices) ended_ = halved(ended_);
  if (ended_.slices.size() < slice_of()) ended_.slices.resize(slice_of(), current_);
}

TimeSlice SliceRecorder::current() const {
  TimeSlice slice = current_;
  slice.response_time = response_time_.counts();
  slice.failure_time = failure_time_.counts();
  slice.send_lag = send_lag_.counts();
  return slice;
}

}  // namespace atonce
