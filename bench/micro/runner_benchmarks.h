#pragma once
/// Every registered runner and transport against a mock server that costs the client as little time
/// as it can: calls back to back, and streams of tokens.

#include <deque>
#include <optional>

#include "bench/scenario.h"
#include "bench/server_process.h"

namespace atonce {

/// What all runners play, with the server that it needs, which the first benchmark starts.
struct Workload {
  Scenario scenario;
  std::optional<ServerProcess> server;
};

/// Registers the benchmarks; `workloads` must outlive them.
void register_call_benchmarks(std::deque<Workload>& workloads);
void register_stream_benchmarks(std::deque<Workload>& workloads);

}  // namespace atonce
