#pragma once
/// What one I/O thread has seen: counters and the attempts one by one.

#include <array>
#include <atomic>
#include <optional>
#include <span>

#include "mock_server/truth.h"

namespace atonce::mock {

/// What all threads count together. Atomics, as a peak cannot be merged from parts.
class Tally {
 public:
  Tally(std::size_t truth_limit, std::size_t token_limit)
      : truth_limit_(truth_limit), token_limit_(token_limit) {}

  void enter();
  void leave() { in_flight_.fetch_sub(1, std::memory_order_relaxed); }
  /// Whether there is room in the log for one more attempt, which then is taken.
  bool take_log_place();
  /// The same for the writes of an attempt's tokens: for all of them or for none.
  bool take_token_places(std::size_t tokens);
  std::uint64_t number_unnamed() { return unnamed_.fetch_add(1, std::memory_order_relaxed); }
  std::uint32_t number_connection() { return connections_.fetch_add(1); }

  std::size_t truth_limit() const { return truth_limit_; }
  std::size_t in_flight() const { return in_flight_; }
  std::size_t peak_in_flight() const { return peak_; }

  /// What is in flight now stays in flight, and is the peak so far.
  void reset();

 private:
  const std::size_t truth_limit_, token_limit_;
  std::atomic<std::size_t> in_flight_ = 0, peak_ = 0;
  std::atomic<std::size_t> logged_ = 0, logged_tokens_ = 0;
  std::atomic<std::uint64_t> unnamed_ = 0;
  std::atomic<std::uint32_t> connections_ = 0;
};

/// What rate limits have to do with an attempt.
enum class LimitEvent : unsigned char { rate_limited, banned, ban, early_retry };

/// Used by its own thread only; memory for all attempts is reserved (not touched) up front.
class TruthLog {
 public:
  explicit TruthLog(Tally& tally);

  /// An attempt that has arrived. Every one ends by exactly one finish().
  struct Entry {
    AttemptTruth truth;
    std::uint64_t era = 0;  // of the log; attempts of an earlier one leave no trace
    bool in_flight = true;
    bool was_frozen = false;
  };
  /// Without an id, the attempt is given the next number of those that have none.
  Entry arrive(std::optional<AttemptId> id, Instant at, std::uint32_t connection);
  /// The last write begins, or there will be none: from here on it is not in flight.
  void leave_flight(Entry& entry);
  /// Answered with entry.truth.status; when entry.truth.closed is set, ended by entry.truth.fault
  /// or, without a fault, by the client. Moves the tokens'
  /// writes out of the entry.
  void finish(Entry& entry);

  void count_rejected() { ++counts_.rejected; }
  void count_refused_connection() { ++counts_.refused_connections; }
  void count(const Entry& entry, LimitEvent event);

  /// A connection was accepted; returns the era, which forget_connection() takes.
  std::uint64_t count_connection();
  void count_disconnection() { --open_connections_; }
  /// It turned out to be the operator's.
  void forget_connection(std::uint64_t era);

  /// Begins a new era with all counts 0. Open connections stay open.
  void reset();

  std::uint64_t era() const { return era_; }
  std::span<const AttemptTruth> attempts() const { return attempts_; }
  /// Adds this thread's counts.
  void add_to(TruthSummary& summary) const;

 private:
  struct Counts {
    std::uint64_t attempts = 0, aborted = 0, faulted = 0, rejected = 0, connections = 0;
    std::uint64_t refused_connections = 0, frozen = 0;
    std::array<std::uint64_t, 4> events{};  // by LimitEvent
    std::array<std::uint64_t, 600> by_status{};
  };

  Tally& tally_;
  std::uint64_t era_ = 0;
  Counts counts_;
  std::size_t open_connections_ = 0;
  std::vector<AttemptTruth> attempts_;
};

}  // namespace atonce::mock
