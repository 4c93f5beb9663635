#pragma once
/// Threads that take steps off an event loop.

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "core/clock.h"
#include "core/schedule.h"

namespace atonce {

/// Threads are started as steps come. The functions are for the loop's thread.
class Offload {
 public:
  /// `wake` is called, on any of the threads, when a step is over; it must get the loop to call
  /// take_done() soon.
  Offload(std::size_t threads, std::function<void()> wake)
      : most_threads_(threads), wake_(std::move(wake)) {}
  /// Waits for the steps in progress; those that wait are dropped.
  ~Offload();
  Offload(const Offload&) = delete;
  Offload& operator=(const Offload&) = delete;

  void submit(std::uint32_t slot, const Step& step);
  /// Steps that wait for a thread are over without having been taken.
  void drop_waiting();

  struct Done {
    std::uint32_t slot = 0;
    Instant at;
  };
  /// Steps that are over since the last call.
  std::vector<Done> take_done();

 private:
  struct Job {
    std::uint32_t slot;
    Step step;
  };
  void add_thread();
  void work(const std::stop_token& ended);

  const std::size_t most_threads_;
  const std::function<void()> wake_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<Job> waiting_;
  std::vector<Done> done_;
  std::size_t busy_ = 0;
  std::vector<std::jthread> threads_;
};

}  // namespace atonce
