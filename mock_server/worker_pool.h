#pragma once
/// Who may use a route of limited capacity, in which order.

#include <deque>
#include <mutex>

#include "mock_server/server_config.h"

namespace atonce::mock {

/// A worker was given to an attempt.
struct Turn {
  Instant start;              ///< the service begins
  std::size_t in_flight = 0;  ///< on the route at that instant, waiting or served, itself included
};

/// A pool of workers with a FIFO queue, as a state machine without a clock: instants come in with
/// the events. A service that ends hands its worker on at that very instant, so the chain of
/// services never drifts. Thread-safe.
class WorkerPool {
 public:
  class Waiter {
   public:
    virtual ~Waiter() = default;
    /// The wait is over. Called on the thread that freed the worker, under the pool's lock: pass it
    /// on and return.
    virtual void on_turn(const Turn& turn) = 0;
  };

  enum class Entry : unsigned char { served, waiting, refused };
  struct Admission {
    Entry entry = Entry::refused;
    Turn turn;  ///< when served
  };

  WorkerPool(std::size_t workers, std::size_t queue) : workers_(workers), queue_(queue) {}

  /// When it has to wait, `waiter` must live until on_turn() and leave().
  Admission enter(Waiter& waiter, Instant at);

  /// Ends the stay of a waiter that was not refused: its service is done at `at`, or it gives up.
  void leave(Waiter& waiter, Instant at);

 private:
  const std::size_t workers_;
  const std::size_t queue_;
  std::mutex mutex_;
  std::size_t busy_ = 0;
  std::deque<Waiter*> waiting_;
};

}  // namespace atonce::mock
