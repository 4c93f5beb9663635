#pragma once
/// The pool's side of a worker process.

#include <sys/types.h>

#include <unordered_map>

#include "runners/processes/fork_worker.h"
#include "runners/processes/frame_socket.h"

namespace atonce {

/// A worker process and the sockets to it. Not thread-safe.
class WorkerProcess {
 public:
  /// Throws std::system_error when there is no process or descriptor left.
  explicit WorkerProcess(const WorkerSetup& setup);
  /// Kills it, whatever it does, and waits for its end.
  ~WorkerProcess();
  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;

  /// Throws std::runtime_error when it cannot work, or is not ready by then.
  void wait_until_ready(Instant limit);

  pid_t id() const { return id_; }

  /// That the process is gone shows in frames() only.
  void start(const Attempt& attempt);
  void abort(AttemptId id);
  void kill();

  /// What it sends and what it has not taken yet. Does not block.
  FrameSocket& frames() { return orders_; }

 private:
  struct Sockets {
    Descriptor ours, theirs;
  };
  WorkerProcess(const WorkerSetup& setup, Sockets orders, Sockets aborts);
  static Sockets make_sockets();

  FrameSocket orders_;
  const Descriptor aborts_;
  const pid_t id_;
  std::unordered_map<const Request*, std::uint32_t> numbers_;  // of the requests that it knows
};

}  // namespace atonce
