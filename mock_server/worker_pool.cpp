#include "mock_server/worker_pool.h"

#include <algorithm>

namespace atonce::mock {

WorkerPool::Admission WorkerPool::enter(Waiter& waiter, Instant at) {
  const std::lock_guard lock(mutex_);
  if (busy_ < workers_) {
    ++busy_;
    return {Entry::served, {at, busy_}};
  }
  if (waiting_.size() >= queue_) return {};
  waiting_.push_back(&waiter);
  return {Entry::waiting, {}};
}

void WorkerPool::leave(Waiter& waiter, Instant at) {
  const std::lock_guard lock(mutex_);
  if (const auto place = std::ranges::find(waiting_, &waiter); place != waiting_.end()) {
    waiting_.erase(place);
    return;
  }
  if (waiting_.empty()) {
    --busy_;
    return;
  }
  Waiter& next = *waiting_.front();
  const std::size_t in_flight = busy_ + waiting_.size() - 1;  // without the one that leaves
  waiting_.pop_front();
  next.on_turn({at, in_flight});
}

}  // namespace atonce::mock
