#pragma once
/// The dispatcher's blocking face: for runners in which a thread (or task) carries one call.

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <vector>

#include "core/dispatcher.h"

namespace atonce {

/// A call in progress on some thread that another thread can end.
class Abortable {
 public:
  virtual ~Abortable() = default;
  /// Forget an abort of an earlier attempt: a new attempt begins.
  virtual void arm() = 0;
  /// End the attempt in progress, or the one about to begin, as soon as possible. Does not block.
  virtual void abort() = 0;
};

/// Thread-safe. Any number of threads may wait; one of them at a time holds the timer.
class BlockingDispatcher {
 public:
  /// A request on `stop` stops the dispatcher and aborts what is in flight. The thread that holds
  /// the timer sleeps until `spin` before the instant that it waits for, and then watches the clock
  /// without a lock.
  BlockingDispatcher(Dispatcher& work, std::stop_token stop, Nanos spin = {});
  /// What the threads did is visible to the one that destroys it, however it learnt of their end.
  ~BlockingDispatcher();

  /// Waits until there is an attempt and hands it out with `carrier` armed and registered for
  /// aborts until complete(). Nothing when the run is over.
  std::optional<Attempt> wait_next(Abortable& carrier);

  void complete(const Sample& sample);

 private:
  std::optional<Attempt> hand_out(Abortable& carrier);
  void hold_timer(std::unique_lock<std::mutex>& lock, Instant wake);
  void spin_until(std::unique_lock<std::mutex>& lock, Instant wake);
  void wake_one();
  void wake_all();
  void abort_named();
  void on_stop();

  std::mutex mutex_;
  std::condition_variable changed_;
  Dispatcher& work_;
  const Nanos spin_;
  std::vector<Abortable*> carriers_;  // by slot
  Instant timer_until_ = never;       // when the thread that holds the timer wakes up
  std::size_t spinning_ = 0;          // threads that hold it and watch the clock
  std::atomic<unsigned> nudges_ = 0;  // of those threads
  std::stop_callback<std::function<void()>> stop_callback_;
};

}  // namespace atonce
