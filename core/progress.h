#pragma once
/// Counts of a run that another thread may read while it goes on.

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <numeric>
#include <vector>

#include "core/clock.h"
#include "core/outcome.h"

namespace atonce {

/// `decades` decades of bucket bounds from `first` on, and the bound that ends the last of them.
template <std::size_t decades, std::size_t steps>
constexpr std::array<Nanos, decades * steps + 1> bounds_from(
    Nanos first, const std::array<std::int64_t, steps>& multiples) {
  std::array<Nanos, decades * steps + 1> bounds{};
  for (std::size_t i = 0; i < bounds.size(); ++i) {
    bounds[i] = first * multiples[i % steps];
    if (i % steps == steps - 1) first *= 10;
  }
  return bounds;
}

/// Upper bounds, inclusive, of the buckets of a Progress: 100 us to 100 s, and 1 us to 1 s.
inline constexpr auto response_time_bounds =
    bounds_from<6, 5>(std::chrono::microseconds(100), {1, 2, 3, 5, 7});
inline constexpr auto send_lag_bounds = bounds_from<6, 3>(std::chrono::microseconds(1), {1, 2, 5});

/// A count per bucket, the last for what is above all bounds.
template <class Number, std::size_t bounds>
struct Buckets {
  std::array<Number, bounds + 1> counts{};
  Number sum_ns{};
};

template <class Number>
struct ProgressOf {
  PerOutcome<Number> calls{};  ///< ended, the warm-up included
  Number attempts{};           ///< ended
  Number in_flight{};
  Number cpu_ns{};                                               ///< as last looked at
  Buckets<Number, response_time_bounds.size()> response_time{};  ///< of the calls that ended ok
  Buckets<Number, send_lag_bounds.size()> send_lag{};            ///< of the attempts that were sent
};

/// Each counter is written by one thread at a time, with relaxed stores: readers see each of them
/// some time later, never torn.
using Progress = ProgressOf<std::atomic<std::uint64_t>>;

/// The same as plain numbers.
using ProgressCounts = ProgressOf<std::uint64_t>;

/// Calls `visit` with every number, always in the same order.
template <class Counts, class Visit>
void for_each_number(Counts& counts, const Visit& visit) {
  for (auto& count : counts.calls) visit(count);
  visit(counts.attempts);
  visit(counts.in_flight);
  visit(counts.cpu_ns);
  for (auto& count : counts.response_time.counts) visit(count);
  visit(counts.response_time.sum_ns);
  for (auto& count : counts.send_lag.counts) visit(count);
  visit(counts.send_lag.sum_ns);
}

/// What the counters are now.
inline ProgressCounts counts_of(const Progress& progress) {
  std::vector<std::uint64_t> numbers;
  for_each_number(progress, [&](const std::atomic<std::uint64_t>& number) {
    numbers.push_back(number.load(std::memory_order_relaxed));
  });
  ProgressCounts counts;
  auto next = numbers.begin();
  for_each_number(counts, [&](std::uint64_t& number) { number = *next++; });
  return counts;
}

inline std::uint64_t calls_done(const ProgressCounts& counts) {
  return std::accumulate(counts.calls.begin(), counts.calls.end(), std::uint64_t{0});
}

/// With a single writer this needs no locked instruction, unlike fetch_add.
inline void add(std::atomic<std::uint64_t>& counter, std::uint64_t amount) {
  counter.store(counter.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed);
}

template <std::size_t bounds>
void add_value(Buckets<std::atomic<std::uint64_t>, bounds>& buckets,
               const std::array<Nanos, bounds>& upper, Nanos value) {
  const auto bucket = std::ranges::lower_bound(upper, value) - upper.begin();
  add(buckets.counts[static_cast<std::size_t>(bucket)], 1);
  add(buckets.sum_ns, static_cast<std::uint64_t>(std::max(value, Nanos{}).count()));
}

}  // namespace atonce
