#include <oneapi/tbb/concurrent_queue.h>
#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/task_arena.h>
#include <oneapi/tbb/task_group.h>

#include <condition_variable>
#include <mutex>

#include "runners/blocking/carriers.h"
#include "runners/blocking/carry_calls.h"

namespace atonce {
namespace {

namespace tbb = oneapi::tbb;

/// The thread that calls run() takes attempts from the desk and makes each a task. TBB sizes itself
/// for tasks that compute; these block, so both its limits are raised to one thread per call.
class TbbParallel final : public Runner {
 public:
  explicit TbbParallel(const RunnerConfig& config)
      : carriers_(config),
        most_threads_(tbb::global_control::max_allowed_parallelism, carriers_.size() + 1),
        arena_(static_cast<int>(carriers_.size()) + 1) {
    for (std::size_t i = 0; i < carriers_.size(); ++i) idle_.push(&carriers_[i]);
    arena_.execute([this] { start_threads(); });
  }

  void run(Dispatcher& work, std::stop_token stop) override {
    BlockingDispatcher desk(work, std::move(stop));
    arena_.execute([&] { play(desk); });
  }

 private:
  /// TBB makes a thread when there is work for it. Here each gets a task that ends when all have
  /// one, or when TBB takes too long to find threads for them.
  void start_threads() {
    constexpr Nanos patience = std::chrono::seconds(2);
    const Instant limit = now() + patience;
    std::mutex mutex;
    std::condition_variable changed;
    std::size_t waiting = 0;
    tbb::task_group tasks;
    for (std::size_t i = 0; i < carriers_.size(); ++i)
      tasks.run([&] {
        std::unique_lock lock(mutex);
        if (++waiting == carriers_.size()) changed.notify_all();
        changed.wait_until(lock, limit, [&] { return waiting == carriers_.size(); });
      });
    tasks.wait();
  }

  void play(BlockingDispatcher& desk) {
    tbb::task_group calls;
    for (;;) {
      BlockingClient* client = nullptr;
      idle_.pop(client);
      const auto attempt = desk.wait_next(*client);
      if (!attempt) break;
      calls.run([this, &desk, client, attempt = *attempt] {
        carry_call(desk, *client, attempt);
        idle_.push(client);
      });
    }
    calls.wait();
  }

  Carriers carriers_;
  tbb::global_control most_threads_;
  tbb::task_arena arena_;
  tbb::concurrent_bounded_queue<BlockingClient*> idle_;
};

}  // namespace

extern const RunnerEntry tbb_parallel_runner;
const RunnerEntry tbb_parallel_runner{
    .name = "tbb_parallel",
    .summary = "every call a task in an arena as wide as the cap (oneTBB)",
    .model = Model::tasks,
    .transports = blocking_transports(),
    .threads = carrier_count,
    .make = [](const RunnerConfig& config) -> std::unique_ptr<Runner> {
      return std::make_unique<TbbParallel>(config);
    }};

}  // namespace atonce
