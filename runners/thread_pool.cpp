#include <condition_variable>
#include <mutex>
#include <thread>

#include "runners/blocking/carriers.h"
#include "runners/blocking/carry_calls.h"

namespace atonce {
namespace {

/// The threads are started by the constructor and wait there for run().
class ThreadPool final : public Runner {
 public:
  explicit ThreadPool(const RunnerConfig& config) : carriers_(config), spin_(config.spin) {
    for (std::size_t i = 0; i < carriers_.size(); ++i)
      threads_.emplace_back([this, i](std::stop_token destroyed) {
        if (wait_for_run(std::move(destroyed))) carry_calls(*desk_, carriers_[i]);
      });
  }

  void run(Dispatcher& work, std::stop_token stop) override {
    BlockingDispatcher desk(work, std::move(stop), spin_);
    {
      const std::lock_guard lock(mutex_);
      desk_ = &desk;
    }
    started_.notify_all();
    for (std::jthread& thread : threads_) thread.join();
  }

 private:
  bool wait_for_run(std::stop_token destroyed) {
    std::unique_lock lock(mutex_);
    return started_.wait(lock, std::move(destroyed), [this] { return desk_ != nullptr; });
  }

  Carriers carriers_;
  const Nanos spin_;
  std::mutex mutex_;
  std::condition_variable_any started_;
  BlockingDispatcher* desk_ = nullptr;
  std::vector<std::jthread> threads_;
};

}  // namespace

extern const RunnerEntry thread_pool_runner;
const RunnerEntry thread_pool_runner{
    .name = "thread_pool",
    .summary = "a thread for every call that may be in flight (std::jthread)",
    .model = Model::threads,
    .transports = blocking_transports(),
    .threads = carrier_count,
    .make = [](const RunnerConfig& config) -> std::unique_ptr<Runner> {
      return std::make_unique<ThreadPool>(config);
    }};

}  // namespace atonce
