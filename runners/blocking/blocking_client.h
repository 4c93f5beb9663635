#pragma once
/// One connection to the target that carries one attempt at a time on the calling thread.

#include <memory>
#include <string_view>
#include <vector>

#include "core/blocking_dispatcher.h"
#include "core/response_reader.h"
#include "runners/endpoint.h"

namespace atonce {

/// exchange() blocks its thread; abort() may come from any other.
class BlockingClient : public Abortable {
 public:
  /// Sends the attempt's request and reads the response to its end. Ends at `attempt.give_up_at`
  /// at the latest, however the time is spent, and soon after abort(), then as `cancelled`.
  /// `reader` has begun this attempt; afterwards its sample is complete. Never throws.
  virtual void exchange(const Attempt& attempt, ResponseReader& reader) noexcept = 0;
};

/// The first is the default.
std::vector<std::string_view> blocking_transports();

/// `transport` is one of the names above; empty = the default. The requests of the attempts must
/// outlive the client. Throws std::invalid_argument on another name.
std::unique_ptr<BlockingClient> make_blocking_client(std::string_view transport,
                                                     const Endpoint& endpoint, bool keep_alive);

}  // namespace atonce
