#include "runners/offload.h"

#include <system_error>
#include <utility>

#include "core/step.h"

namespace atonce {

Offload::~Offload() {
  for (std::jthread& thread : threads_) thread.request_stop();
}

void Offload::submit(std::uint32_t slot, const Step& step) {
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back({slot, step});
    if (busy_ + waiting_.size() > threads_.size() && threads_.size() < most_threads_) add_thread();
  }
  changed_.notify_one();
}

/// A machine that has no thread left leaves the work to those there are.
void Offload::add_thread() {
  try {
    threads_.emplace_back([this](std::stop_token ended) { work(ended); });
  } catch (const std::system_error&) {
    if (threads_.empty()) throw;
  }
}

void Offload::drop_waiting() {
  const std::lock_guard lock(mutex_);
  for (const Job& job : waiting_) done_.push_back({job.slot, now()});
  waiting_.clear();
}

std::vector<Offload::Done> Offload::take_done() {
  const std::lock_guard lock(mutex_);
  return std::exchange(done_, {});
}

void Offload::work(const std::stop_token& ended) {
  std::unique_lock lock(mutex_);
  while (changed_.wait(lock, ended, [this] { return !waiting_.empty(); })) {
    if (ended.stop_requested()) return;
    const Job job = waiting_.front();
    waiting_.pop_front();
    ++busy_;
    lock.unlock();
    perform(job.step);
    lock.lock();
    --busy_;
    done_.push_back({job.slot, now()});
    // Under the lock: once the loop has taken it, this object may go.
    wake_();
  }
}

}  // namespace atonce
