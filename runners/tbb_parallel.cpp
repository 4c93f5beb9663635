#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/partitioner.h>
#include <oneapi/tbb/task_arena.h>

#include <condition_variable>
#include <mutex>

#include "runners/blocking/carriers.h"
#include "runners/blocking/carry_calls.h"

namespace atonce {
namespace {

namespace tbb = oneapi::tbb;

/// A parallel loop with an iteration for every call that may be in flight; each carries calls until
/// the run is over. TBB sizes itself for work that computes; this blocks, so both its limits are
/// raised to one thread per iteration. A task for every single call would be the other way to write
/// it: measured, TBB's idle workers then spin for the next task and take the core from those at
/// work (100 calls/s at cap 20 on one core cost 3 ms of CPU a call instead of 0.3 ms).
class TbbParallel final : public Runner {
 public:
  explicit TbbParallel(const RunnerConfig& config)
      : carriers_(config),
        most_threads_(tbb::global_control::max_allowed_parallelism, carriers_.size()),
        arena_(static_cast<int>(carriers_.size())),
        spin_(config.spin) {
    start_threads();
  }

  void run(Dispatcher& work, std::stop_token stop) override {
    BlockingDispatcher desk(work, std::move(stop), spin_);
    for_each_carrier([&](std::size_t carrier) { carry_calls(desk, carriers_[carrier]); });
  }

 private:
  template <class Body>
  void for_each_carrier(const Body& body) {
    arena_.execute([&] {
      tbb::parallel_for(std::size_t{0}, carriers_.size(), body, tbb::simple_partitioner{});
    });
  }

  /// TBB makes a thread when there is work for it. Here each gets an iteration that ends when all
  /// have one, or when TBB takes too long to find threads for them.
  void start_threads() {
    constexpr Nanos patience = std::chrono::seconds(2);
    const Instant limit = now() + patience;
    std::mutex mutex;
    std::condition_variable changed;
    std::size_t present = 0;
    for_each_carrier([&](std::size_t) {
      std::unique_lock lock(mutex);
      if (++present == carriers_.size()) changed.notify_all();
      changed.wait_until(lock, limit, [&] { return present == carriers_.size(); });
    });
    // TBB's own hand-over is invisible to ThreadSanitizer, this one is not.
    const std::lock_guard lock(mutex);
  }

  Carriers carriers_;
  tbb::global_control most_threads_;
  tbb::task_arena arena_;
  const Nanos spin_;
};

}  // namespace

extern const RunnerEntry tbb_parallel_runner;
const RunnerEntry tbb_parallel_runner{
    .name = "tbb_parallel",
    .summary = "a parallel loop in an arena as wide as the cap (oneTBB)",
    .model = Model::tasks,
    .transports = blocking_transports(),
    .threads = carrier_count,
    .make = [](const RunnerConfig& config) -> std::unique_ptr<Runner> {
      return std::make_unique<TbbParallel>(config);
    }};

}  // namespace atonce
