#pragma once
/// Who may use a route of limited capacity, in which order.

#include <deque>
#include <mutex>
#include <utility>
#include <vector>

#include "mock_server/server_config.h"

namespace atonce::mock {

/// A worker was given to an attempt.
struct Turn {
  Instant start;              ///< the service begins
  std::size_t in_flight = 0;  ///< on the route at that instant, waiting or served, itself included
};

/// A pool of workers with a FIFO queue, as a state machine without a clock: instants come in with
/// the events. A service that ends hands its worker on at that very instant, so the chain of
/// services never drifts. A change of the number of workers that is due takes effect with the next
/// event: those that are busy finish first, those that are new take what waits. Thread-safe.
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

  WorkerPool(std::size_t workers, std::size_t queue, std::vector<CapacityChange> changes = {})
      : first_workers_(workers), queue_(queue), changes_(std::move(changes)), workers_(workers) {}

  /// All changes are to come again, counted from the next arrival on and stretched by `time_scale`.
  /// Who is served or waits stays.
  void reset(double time_scale);

  /// When it has to wait, `waiter` must live until on_turn() and leave().
  Admission enter(Waiter& waiter, Instant at);

  /// Ends the stay of a waiter that was not refused: its service is done at `at`, or it gives up.
  void leave(Waiter& waiter, Instant at);

 private:
  void apply_changes(Instant at);
  void hand_on(Instant at);

  const std::size_t first_workers_;
  const std::size_t queue_;
  const std::vector<CapacityChange> changes_;
  std::mutex mutex_;
  std::size_t workers_;
  double time_scale_ = 1;
  Instant origin_ = unset;
  std::size_t changes_made_ = 0;
  std::size_t busy_ = 0;
  std::deque<Waiter*> waiting_;
};

}  // namespace atonce::mock
