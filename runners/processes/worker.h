#pragma once
/// The side of a worker process: carries the attempts that its pool sends.

#include <deque>
#include <mutex>
#include <optional>

#include "runners/blocking/blocking_client.h"
#include "runners/processes/frame_socket.h"

namespace atonce {

/// An attempt on its way to a worker.
struct Order {
  Attempt attempt;            ///< its request is not valid over there:
  std::uint32_t request = 0;  ///< the number of the request instead
};

/// Attempts come over one socket and are carried by the thread that calls serve(). The ids of those
/// to abort come over another one, to a thread of their own: so an abort ends a call that blocks,
/// and a call without an abort costs no second thread a turn.
class Worker {
 public:
  /// Both sockets must block.
  Worker(Descriptor orders, Descriptor aborts, BlockingClient& client);

  /// Returns when the pool's ends of both sockets are closed, be it in mid-call.
  void serve();

 private:
  void act(const Frame& frame);
  void carry(const Order& order);
  void begin(AttemptId id);
  void listen_for_aborts();

  FrameSocket orders_;
  const Descriptor aborts_;
  BlockingClient& client_;
  ResponseReader reader_;
  std::deque<Request> requests_;  // by number

  std::mutex mutex_;
  std::optional<AttemptId> current_;  // begun last
  std::optional<AttemptId> aborted_;  // named last; its order may still be on the way
  bool pool_gone_ = false;
};

}  // namespace atonce
