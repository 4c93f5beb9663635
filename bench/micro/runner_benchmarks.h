#pragma once

#include <optional>

#include "bench/server_process.h"

namespace atonce {

/// Registers every runner (and transport) x cap against an instant mock server. `server` is started
/// by the first of them that runs; it must outlive the benchmarks.
void register_runner_benchmarks(std::optional<ServerProcess>& server);

}  // namespace atonce
