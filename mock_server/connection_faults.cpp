/// What a connection does instead of answering.

#include "mock_server/connection.h"
#include "mock_server/retry_after.h"

namespace atonce::mock {
namespace {

CannedResponse failure(const Fault& fault, std::optional<Nanos> wait) {
  auto headers = wait ? retry_after_headers(*wait) : CannedResponse::Headers{};
  headers.emplace_back("Content-Type", "application/json");
  const bool has_body = fault.status != 204 && fault.status != 304;
  return {fault.status, headers, has_body ? "{\"error\": \"failed on purpose\"}\n" : ""};
}

}  // namespace

Task<bool> Connection::strike(TruthLog::Entry& entry, const Fault& fault) {
  switch (fault.kind) {
    case FaultKind::none:
    case FaultKind::banned:
    case FaultKind::reset:
      end_by(fault.kind, ConnectionEnd::reset, entry);
      wire_.reset();
      break;
    case FaultKind::close:
      end_by(fault.kind, ConnectionEnd::closed, entry);
      co_await wire_.finish_sending();
      break;
    case FaultKind::stall: {
      const auto held = co_await wire_.hold_until(after(now(), site_.config.limits.idle_time));
      const bool has_left = held == Wire::Held::gone;
      co_return end_by(fault.kind, has_left ? ConnectionEnd::left : ConnectionEnd::closed, entry);
    }
    case FaultKind::status:
      entry.truth.fault = fault.kind;
      co_return co_await fail(entry, fault);
  }
  co_return false;
}

Task<bool> Connection::fail(TruthLog::Entry& entry, const Fault& fault) {
  std::optional<Nanos> wait;
  if (fault.retry_after) {
    wait = scaled(*fault.retry_after, shard_.delays->time_scale());
    tell_to_wait(now(), *wait);
  }
  const auto response = failure(fault, wait);
  co_return co_await respond(entry, response, wire_.persistence());
}

/// Logged before it is done: the client may ask for the account as soon as it sees the end.
bool Connection::end_by(FaultKind fault, ConnectionEnd end, TruthLog::Entry& entry) {
  entry.truth.fault = fault;
  entry.truth.connection_end = end;
  entry.truth.closed = now();
  pass_.reset();
  shard_.log.finish(entry);
  return false;
}

}  // namespace atonce::mock
