#include "core/blocking_dispatcher.h"

#include <utility>

namespace atonce {

BlockingDispatcher::BlockingDispatcher(Dispatcher& work, std::stop_token stop, Nanos spin)
    : work_(work), spin_(spin), stop_callback_(std::move(stop), [this] { on_stop(); }) {}

BlockingDispatcher::~BlockingDispatcher() {
  const std::lock_guard lock(mutex_);
}

std::optional<Attempt> BlockingDispatcher::wait_next(Abortable& carrier) {
  std::unique_lock lock(mutex_);
  for (;;) {
    if (auto attempt = hand_out(carrier)) return attempt;
    if (work_.finished()) {
      wake_all();
      return {};
    }
    const Instant wake = work_.next_wake();
    if (wake >= timer_until_)
      changed_.wait(lock);
    else
      hold_timer(lock, wake);
  }
}

void BlockingDispatcher::hold_timer(std::unique_lock<std::mutex>& lock, Instant wake) {
  timer_until_ = wake;
  const auto why = changed_.wait_until(lock, before(wake, spin_));
  if (spin_ > Nanos{} && why == std::cv_status::timeout) spin_until(lock, wake);
  timer_until_ = never;
}

/// Others take and complete attempts meanwhile; whoever would wake a sleeper nudges this thread.
void BlockingDispatcher::spin_until(std::unique_lock<std::mutex>& lock, Instant wake) {
  const unsigned nudges = nudges_.load(std::memory_order_relaxed);
  ++spinning_;
  lock.unlock();
  while (now() < wake && nudges_.load(std::memory_order_relaxed) == nudges) {
  }
  lock.lock();
  --spinning_;
}

void BlockingDispatcher::wake_one() {
  if (spinning_ > 0)
    nudges_.fetch_add(1, std::memory_order_relaxed);
  else
    changed_.notify_one();
}

void BlockingDispatcher::wake_all() {
  nudges_.fetch_add(1, std::memory_order_relaxed);
  changed_.notify_all();
}

void BlockingDispatcher::complete(const Sample& sample) {
  const std::lock_guard lock(mutex_);
  work_.complete(sample);
  abort_named();
  if (work_.finished())
    wake_all();
  else if (work_.next_wake() < timer_until_)
    wake_one();
}

/// Whoever takes an attempt wakes the next thread when there is more to hand out, now or later, and
/// nobody waits for it: one waiter at a time is woken, never the whole herd.
std::optional<Attempt> BlockingDispatcher::hand_out(Abortable& carrier) {
  auto attempt = work_.try_next(now());
  abort_named();
  if (!attempt) return {};
  if (carriers_.size() <= attempt->slot) carriers_.resize(attempt->slot + 1);
  carriers_[attempt->slot] = &carrier;
  carrier.arm();
  if (work_.next_wake() < timer_until_) wake_one();
  return attempt;
}

void BlockingDispatcher::abort_named() {
  for (const std::uint32_t slot : work_.take_aborts()) carriers_[slot]->abort();
}

void BlockingDispatcher::on_stop() {
  const std::lock_guard lock(mutex_);
  work_.stop(now());
  abort_named();
  wake_all();
}

}  // namespace atonce
