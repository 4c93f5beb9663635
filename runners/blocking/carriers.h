#pragma once
/// The clients of a runner that carries several calls at once.

#include <memory>
#include <vector>

#include "runners/blocking/blocking_client.h"
#include "runners/blocking/client_pool.h"

namespace atonce {

/// As many as `config.threads` says; by default one for every call that could be in flight, but at
/// most 1000: beyond that a machine spends its time on switching threads.
std::size_t carrier_count(const RunnerConfig& config);

/// One client per carrier. Where there are fewer connections than carriers, they share a pool.
class Carriers {
 public:
  explicit Carriers(const RunnerConfig& config);

  std::size_t size() const { return clients_.size(); }
  BlockingClient& operator[](std::size_t carrier) { return *clients_[carrier]; }

 private:
  std::unique_ptr<ClientPool> pool_;
  std::vector<std::unique_ptr<BlockingClient>> clients_;
};

}  // namespace atonce
