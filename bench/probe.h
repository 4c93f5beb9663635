#pragma once
/// Connections to a target, opened all at once and closed again, without a request.

#include <cstddef>
#include <string>

#include "core/clock.h"
#include "runners/runner.h"

namespace atonce {

struct ProbeResult {
  std::size_t established = 0;  ///< and not closed again by the server at once
  std::string trouble;          ///< why not more; empty when all were
};

/// Opens `count` connections side by side and waits for them until all are there or `limit` is
/// over. All are closed when it returns.
ProbeResult probe_connections(const Target& target, std::size_t count, Nanos limit);

}  // namespace atonce
