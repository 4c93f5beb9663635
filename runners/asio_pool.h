#pragma once
/// The connections of an event loop, under their own limit.

#include <deque>
#include <memory>
#include <vector>

#include "runners/asio_alarm.h"
#include "runners/asio_connection.h"

namespace atonce {

/// Connections are handed on in the order in which they were asked for. Not thread-safe.
class AsioPool {
 public:
  /// `most` open connections at once; `unlimited` for no limit. Without `keep_alive` none is used
  /// twice.
  AsioPool(boost::asio::io_context& loop, std::size_t most, bool keep_alive)
      : loop_(loop), most_(most), keep_alive_(keep_alive) {}

  /// An idle live connection (the one used last), or a new one yet to be connected; `connected`
  /// says which. Null when the limit is reached or others wait.
  std::unique_ptr<AsioConnection> take(bool& connected);
  /// The same after waiting for it. Null only when `turn` is cancelled by somebody else first.
  Task<std::unique_ptr<AsioConnection>> take_in_turn(LoopTimer& turn, bool& connected);
  /// Takes a connection back, keeps it if it is reusable, and wakes whoever waits longest.
  void give_back(std::unique_ptr<AsioConnection> connection);

 private:
  std::unique_ptr<AsioConnection> take_any(bool& connected);

  boost::asio::io_context& loop_;
  const std::size_t most_;
  const bool keep_alive_;
  std::size_t open_ = 0;
  std::size_t promised_ = 0;  // to those whose turn has come but who have not resumed yet
  std::vector<std::unique_ptr<AsioConnection>> idle_;
  std::deque<LoopTimer*> waiting_;
};

}  // namespace atonce
