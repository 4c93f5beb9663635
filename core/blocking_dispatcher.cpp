#include "core/blocking_dispatcher.h"

#include <utility>

namespace atonce {

BlockingDispatcher::BlockingDispatcher(Dispatcher& work, std::stop_token stop)
    : work_(work), stop_callback_(std::move(stop), [this] { on_stop(); }) {}

BlockingDispatcher::~BlockingDispatcher() {
  const std::lock_guard lock(mutex_);
}

std::optional<Attempt> BlockingDispatcher::wait_next(Abortable& carrier) {
  std::unique_lock lock(mutex_);
  for (;;) {
    if (auto attempt = hand_out(carrier)) return attempt;
    if (work_.finished()) {
      changed_.notify_all();
      return {};
    }
    const Instant wake = work_.next_wake();
    if (wake >= timer_until_) {
      changed_.wait(lock);
    } else {
      timer_until_ = wake;
      changed_.wait_until(lock, wake);
      timer_until_ = never;
    }
  }
}

void BlockingDispatcher::complete(const Sample& sample) {
  const std::lock_guard lock(mutex_);
  work_.complete(sample);
  abort_named();
  if (work_.finished())
    changed_.notify_all();
  else if (work_.next_wake() < timer_until_)
    changed_.notify_one();
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
  if (work_.next_wake() < timer_until_) changed_.notify_one();
  return attempt;
}

void BlockingDispatcher::abort_named() {
  for (const std::uint32_t slot : work_.take_aborts()) carriers_[slot]->abort();
}

void BlockingDispatcher::on_stop() {
  const std::lock_guard lock(mutex_);
  work_.stop(now());
  abort_named();
  changed_.notify_all();
}

}  // namespace atonce
