#pragma once
/// How many attempts may be in flight, and since when there has been room for one more.

#include <cstddef>
#include <deque>

#include "core/clock.h"

namespace atonce {

/// The slots under a cap, which may change. A slot that was never used has always been free.
class Slots {
 public:
  Slots(std::size_t limit, Instant start) : start_(start), limit_(limit) {}

  std::size_t taken() const { return taken_; }
  bool is_any_free() const { return taken_ < limit_; }

  /// Since when the slot has been free that take() would take. One must be free.
  Instant free_since() const;
  /// Takes the slot that has been free for longest, and returns since when.
  Instant take();
  /// An attempt ended at `at`.
  void give_back(Instant at);

  /// Slots that are added are free from `at` on. Those taken away are free ones, unused before last
  /// freed; what is missing goes when it is given back.
  void resize(std::size_t limit, Instant at);

 private:
  bool has_unused() const { return taken_ + freed_.size() < limit_; }

  Instant start_;
  std::size_t limit_;
  std::size_t taken_ = 0;
  std::deque<Instant> freed_;  // when those that are free, and were not always, became so
};

}  // namespace atonce
