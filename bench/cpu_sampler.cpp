#include "bench/cpu_sampler.h"

#include <condition_variable>
#include <mutex>
#include <stop_token>

#include "bench/machine.h"

namespace atonce {
namespace {

Nanos cpu_so_far(const std::vector<int>& children) {
  const Usage usage = usage_so_far(children);
  return usage.cpu_user + usage.cpu_system;
}

}  // namespace

CpuSampler::CpuSampler(std::vector<int> children, int core, std::atomic<std::uint64_t>& latest_ns)
    : children_(std::move(children)),
      latest_ns_(latest_ns),
      start_(now()),
      before_(cpu_so_far(children_)) {
  thread_ = std::jthread([this, core](std::stop_token stop) {
    if (core >= 0) pin_to_core(core);
    const Nanos period = std::chrono::milliseconds(children_.empty() ? 100 : 1000);
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any ended;
    while (!ended.wait_for(lock, stop, period, [&] { return stop.stop_requested(); })) note();
  });
}

std::vector<CpuPoint> CpuSampler::stop() {
  thread_.request_stop();
  thread_.join();
  note();
  return std::move(points_);
}

void CpuSampler::note() {
  const Nanos cpu = cpu_so_far(children_) - before_;
  points_.push_back({.at = now() - start_, .cpu = cpu});
  latest_ns_.store(static_cast<std::uint64_t>(cpu.count()), std::memory_order_relaxed);
}

}  // namespace atonce
