#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "bench/micro/unit_costs/one_core.h"
#include "bench/micro/unit_costs/task_limits.h"
#include "bench/micro/unit_costs/unit_kind.h"

namespace atonce {
namespace {

void create_join(benchmark::State& state) {
  for (auto _ : state) std::jthread([] {}).join();
  count_items(state, 1);
}

/// Held by one of two threads. std::atomic::wait would spin and yield before it sleeps, and a
/// condition variable would add its mutex to what is measured.
class Token {
 public:
  void give(std::uint32_t to) {
    holder_.store(to, std::memory_order_release);
    syscall(SYS_futex, &holder_, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
  }
  void await(std::uint32_t self) {
    for (;;) {
      const std::uint32_t holder = holder_.load(std::memory_order_acquire);
      if (holder == self) return;
      syscall(SYS_futex, &holder_, FUTEX_WAIT_PRIVATE, holder, nullptr, nullptr, 0);
    }
  }

 private:
  std::atomic<std::uint32_t> holder_{0};
};

void change(benchmark::State& state) {
  const OneCore pinned;
  Token token;
  std::atomic<bool> over{false};
  const std::jthread other([&] {
    for (;;) {
      token.await(1);
      if (over) return;
      token.give(0);
    }
  });
  for (auto _ : state) {
    token.give(1);
    token.await(0);
  }
  over = true;
  token.give(1);
  count_items(state, 2);
}

/// Where threads wait until it opens.
class Gate {
 public:
  void pass() {
    std::unique_lock lock(mutex_);
    ++waiting_;
    changed_.notify_all();
    opened_.wait(lock, [this] { return open_; });
  }
  void await(std::size_t waiting) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return waiting_ == waiting; });
  }
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    opened_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_, opened_;
  std::size_t waiting_ = 0;
  bool open_ = false;
};

/// Joins its threads also when making one of them throws.
class Threads {
 public:
  explicit Threads(std::size_t most) : threads_(most) {}
  ~Threads() { gate_.open(); }

  void start(std::size_t number) {
    threads_[number] = std::jthread([this] { gate_.pass(); });
  }
  void await(std::size_t waiting) { gate_.await(waiting); }

 private:
  Gate gate_;
  std::vector<std::jthread> threads_;
};

void hold(std::size_t units, const std::function<void()>& reading) {
  Threads threads(units + 1);
  threads.start(0);
  threads.await(1);
  reading();
  for (std::size_t i = 1; i <= units; ++i) threads.start(i);
  threads.await(units + 1);
  reading();
}

}  // namespace

const UnitKind thread_kind{.name = "thread",
                           .create_join = create_join,
                           .change = change,
                           .hold = hold,
                           .counts = {1, 100, 1'000, 10'000},
                           .no_room = no_room_for_threads,
                           .shared_work = true};

}  // namespace atonce
