#pragma once
/// Who listens on a port of this machine, and where it may run.

#include <cstdint>
#include <span>
#include <vector>

#include "runners/runner.h"

namespace atonce {

/// The cores on which threads of the processes that listen on this TCP port may run, by rising
/// number. Empty when that cannot be told: nobody listens, or the process is another user's.
std::vector<int> cores_of_listener(std::uint16_t port);

/// Whether the target is a server on this machine that may run on one of `cores`, as far as is
/// known.
bool may_share_cores(const Target& target, std::span<const int> cores);

}  // namespace atonce
