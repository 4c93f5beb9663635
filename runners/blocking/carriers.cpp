#include "runners/blocking/carriers.h"

#include <algorithm>

namespace atonce {

std::size_t carrier_count(const RunnerConfig& config) {
  constexpr std::size_t most = 1000;
  const std::size_t wanted =
      config.threads > 0 ? config.threads : std::min({config.cap, config.most_parallel, most});
  return std::max<std::size_t>(wanted, 1);
}

Carriers::Carriers(const RunnerConfig& config) {
  const std::size_t count = carrier_count(config);
  const std::size_t connections = std::clamp<std::size_t>(config.connections, 1, count);
  const Endpoint endpoint = resolve(config.target);
  std::generate_n(std::back_inserter(clients_), connections, [&] {
    return make_blocking_client(config.transport, endpoint, config.keep_alive);
  });
  if (connections == count) return;

  pool_ = std::make_unique<ClientPool>(std::exchange(clients_, {}));
  std::generate_n(std::back_inserter(clients_), count, [&] { return pool_->make_carrier(); });
}

}  // namespace atonce
