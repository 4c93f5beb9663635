#include "runners/offload.h"

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
    if (busy_ + waiting_.size() > threads_.size() && threads_.size() < most_threads_)
      threads_.emplace_back([this](std::stop_token ended) { work(ended); });
  }
  changed_.notify_one();
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
