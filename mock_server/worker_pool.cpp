#include "mock_server/worker_pool.h"

#include <algorithm>

namespace atonce::mock {

void WorkerPool::reset(double time_scale) {
  const std::lock_guard lock(mutex_);
  time_scale_ = time_scale;
  origin_ = unset;
  changes_made_ = 0;
  workers_ = first_workers_;
}

WorkerPool::Admission WorkerPool::enter(Waiter& waiter, Instant at) {
  const std::lock_guard lock(mutex_);
  if (origin_ == unset) origin_ = at;
  apply_changes(at);
  hand_on(at);
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
  const auto place = std::ranges::find(waiting_, &waiter);
  if (place != waiting_.end())
    waiting_.erase(place);
  else
    --busy_;
  apply_changes(at);
  hand_on(at);
}

void WorkerPool::apply_changes(Instant at) {
  if (origin_ == unset) return;
  for (; changes_made_ < changes_.size(); ++changes_made_) {
    const CapacityChange& next = changes_[changes_made_];
    if (after(origin_, scaled(next.at, time_scale_)) > at) return;
    workers_ = next.workers;
  }
}

void WorkerPool::hand_on(Instant at) {
  while (busy_ < workers_ && !waiting_.empty()) {
    Waiter& next = *waiting_.front();
    waiting_.pop_front();
    ++busy_;
    next.on_turn({at, busy_ + waiting_.size()});
  }
}

}  // namespace atonce::mock
