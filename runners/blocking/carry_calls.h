#pragma once
/// The loop of every thread-like runner.

#include "runners/blocking/blocking_client.h"

namespace atonce {

/// Carries one attempt after the other on the calling thread until the run is over.
void carry_calls(BlockingDispatcher& desk, BlockingClient& client);

}  // namespace atonce
