#include "bench/placement.h"

#include <fmt/format.h>

#include "bench/machine.h"

namespace atonce {

Placement place() {
  const auto cores = usable_cores();
  if (cores.size() < 2) return {};
  return {.server_core = cores[0], .client_core = cores[1]};
}

std::string describe(const Placement& placement, bool mock_server) {
  if (placement.client_core < 0) return "none: server and client share a core";
  if (!mock_server) return fmt::format("client on core {}", placement.client_core);
  return fmt::format("server on core {}, client on core {}", placement.server_core,
                     placement.client_core);
}

}  // namespace atonce
