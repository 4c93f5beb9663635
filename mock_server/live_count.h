#pragma once
/// How many of something there still are, for whoever waits for the last one.

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <utility>

#include "core/clock.h"

namespace atonce::mock {

/// Thread-safe.
class LiveCount {
 public:
  /// Counts for as long as it lives.
  class Ticket {
   public:
    explicit Ticket(LiveCount& count) : count_(&count) { count.add(1); }
    Ticket(Ticket&& other) noexcept : count_(std::exchange(other.count_, nullptr)) {}
    Ticket& operator=(Ticket&&) = delete;
    ~Ticket() {
      if (count_ != nullptr) count_->add(-1);
    }

   private:
    LiveCount* count_;
  };

  std::size_t count() {
    const std::lock_guard lock(mutex_);
    return count_;
  }

  /// False when some are still there after `limit`.
  bool wait_until_none(Nanos limit) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, limit, [this] { return count_ == 0; });
  }

 private:
  void add(std::ptrdiff_t change) {
    const std::lock_guard lock(mutex_);
    count_ += static_cast<std::size_t>(change);
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t count_ = 0;
};

}  // namespace atonce::mock
