#pragma once
/// More carriers than connections: whoever has a call to send waits for a connection.

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

#include "runners/blocking/blocking_client.h"

namespace atonce {

/// Clients that are lent out, to those who wait in the order in which they came. Thread-safe.
class ClientPool {
 public:
  explicit ClientPool(std::vector<std::unique_ptr<BlockingClient>> clients);

  /// A client of its own for one carrier: each exchange() borrows a connection from the pool, and
  /// the wait for it counts against the attempt's limit. The pool must outlive it.
  std::unique_ptr<BlockingClient> make_carrier();

 private:
  class Carrier;

  std::mutex mutex_;
  std::vector<std::unique_ptr<BlockingClient>> clients_;
  std::vector<BlockingClient*> idle_;
  std::deque<Carrier*> waiting_;
};

}  // namespace atonce
