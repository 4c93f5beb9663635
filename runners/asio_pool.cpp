#include "runners/asio_pool.h"

namespace atonce {

std::unique_ptr<AsioConnection> AsioPool::take(bool& connected) {
  const std::size_t available = idle_.size() + (most_ - open_);
  return available > promised_ ? take_any(connected) : nullptr;
}

Task<std::unique_ptr<AsioConnection>> AsioPool::take_in_turn(LoopTimer& turn, bool& connected) {
  waiting_.push_back(&turn);
  turn.expires_at(never);
  co_await turn.async_wait(use_task);
  const bool cancelled_by_others = std::erase(waiting_, &turn) > 0;
  if (cancelled_by_others) co_return nullptr;
  --promised_;
  co_return take_any(connected);
}

std::unique_ptr<AsioConnection> AsioPool::take_any(bool& connected) {
  while (!idle_.empty()) {
    auto connection = std::move(idle_.back());
    idle_.pop_back();
    if ((connected = connection->still_open())) return connection;
    --open_;
  }
  connected = false;
  ++open_;
  return std::make_unique<AsioConnection>(loop_);
}

void AsioPool::give_back(std::unique_ptr<AsioConnection> connection) {
  if (keep_alive_ && connection->reusable())
    idle_.push_back(std::move(connection));
  else
    --open_;
  if (waiting_.empty()) return;
  ++promised_;
  waiting_.front()->cancel();
  waiting_.pop_front();
}

}  // namespace atonce
