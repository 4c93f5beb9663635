/// What a connection does while the server is frozen: nothing that the client could see. It goes on
/// reading, so that arrivals are stamped when they come and a client that leaves is noticed.

#include <algorithm>

#include "mock_server/connection.h"

namespace atonce::mock {

bool Connection::is_frozen() const {
  if (shard_.freezes->is_empty()) return false;
  const Instant at = now();
  return shard_.freezes->thaw(at) > at;
}

Task<bool> Connection::outlast_freeze(TruthLog::Entry& entry) {
  for (Instant at = now();; at = now()) {
    const Instant end = shard_.freezes->thaw(at);
    if (end == at) co_return true;
    const auto held = co_await wire_.hold_until(end);
    entry.truth.frozen += std::clamp(now() - at, Nanos::zero(), end - at);
    entry.was_frozen = true;
    if (held == Wire::Held::gone) co_return false;
  }
}

}  // namespace atonce::mock
