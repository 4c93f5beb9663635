#pragma once
/// The transport "beast".

#include <memory>

#include "runners/blocking/blocking_client.h"

namespace atonce {

/// Throws std::system_error when no file descriptor is left.
std::unique_ptr<BlockingClient> make_beast_client(const Endpoint& endpoint, bool keep_alive);

}  // namespace atonce
