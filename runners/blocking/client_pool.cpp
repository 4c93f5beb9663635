#include "runners/blocking/client_pool.h"

#include <utility>

namespace atonce {

class ClientPool::Carrier final : public BlockingClient {
 public:
  explicit Carrier(ClientPool& pool) : pool_(pool) {}

  void arm() override {
    const std::lock_guard lock(pool_.mutex_);
    aborted_ = false;
  }

  void abort() override {
    const std::lock_guard lock(pool_.mutex_);
    aborted_ = true;
    if (borrowed_) borrowed_->abort();
    changed_.notify_one();
  }

  void exchange(const Attempt& attempt, ResponseReader& reader) noexcept override {
    if (!borrow(attempt.give_up_at))
      return reader.end(aborted() ? Outcome::cancelled : attempt.give_up_outcome(false));
    borrowed_->exchange(attempt, reader);
    give_back();
  }

 private:
  bool aborted() {
    const std::lock_guard lock(pool_.mutex_);
    return aborted_;
  }

  bool borrow(Instant give_up_at) {
    std::unique_lock lock(pool_.mutex_);
    if (!pool_.idle_.empty()) {
      lend(pool_.idle_.back());
      pool_.idle_.pop_back();
    } else {
      pool_.waiting_.push_back(this);
      changed_.wait_until(lock, give_up_at, [this] { return aborted_ || borrowed_; });
      if (!borrowed_) std::erase(pool_.waiting_, this);
    }
    return borrowed_ != nullptr;
  }

  void give_back() {
    const std::lock_guard lock(pool_.mutex_);
    BlockingClient* const client = std::exchange(borrowed_, nullptr);
    if (pool_.waiting_.empty()) {
      pool_.idle_.push_back(client);
      return;
    }
    Carrier* const next = pool_.waiting_.front();
    pool_.waiting_.pop_front();
    next->lend(client);
    next->changed_.notify_one();
  }

  /// An abort between the hand-out of the attempt and now must reach the client.
  void lend(BlockingClient* client) {
    borrowed_ = client;
    client->arm();
    if (aborted_) client->abort();
  }

  ClientPool& pool_;
  std::condition_variable changed_;
  bool aborted_ = false;                // guarded by the pool's mutex
  BlockingClient* borrowed_ = nullptr;  // guarded by the pool's mutex
};

ClientPool::ClientPool(std::vector<std::unique_ptr<BlockingClient>> clients)
    : clients_(std::move(clients)) {
  for (const auto& client : clients_) idle_.push_back(client.get());
}

std::unique_ptr<BlockingClient> ClientPool::make_carrier() {
  return std::make_unique<Carrier>(*this);
}

}  // namespace atonce
