/// What a connection does instead of answering.

#include <fmt/format.h>

#include "mock_server/connection.h"
#include "mock_server/llm_answer.h"
#include "mock_server/retry_after.h"

namespace atonce::mock {
namespace {

CannedResponse failure(const Fault& fault, const ServedRoute& route, std::optional<Nanos> wait) {
  auto headers = with_content_type(fault.headers, "application/json");
  if (wait) {
    for (auto& header : retry_after_headers(*wait, fault.retry_after_form)) {
      headers.push_back(std::move(header));
    }
  }
  constexpr std::string_view sentence = "failed on purpose";
  const bool has_body = fault.status != 204 && fault.status != 304;
  if (!has_body) return {fault.status, headers, ""};
  if (route.llm)
    return {fault.status, headers, vendor_error(route.llm->api, fault.status, sentence)};
  return {fault.status, headers, fmt::format("{{\"error\": \"{}\"}}\n", sentence)};
}

}  // namespace

const Fault* Connection::drawn_fault(const ServedRoute& route, AttemptId id) const {
  const Fault* fault = draw_fault(route.faults, shard_.delays->seed(), id);
  if (fault == nullptr || !fault->first) return fault;
  const RequestHead& head = wire_.head();
  const std::uint64_t attempt = head.id ? head.id->attempt : head.retries;
  return attempt < *fault->first ? fault : nullptr;
}

Task<bool> Connection::strike(TruthLog::Entry& entry, const ServedRoute& route,
                              const Fault& fault) {
  if (is_frozen()) {
    const bool stayed = co_await outlast_freeze(entry);
    if (!stayed) co_return give_up(entry);
  }
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
      co_return co_await fail(entry, route, fault);
    case FaultKind::end_early:
    case FaultKind::truncated_json:
    case FaultKind::malformed_chunk:
    case FaultKind::drip:
    case FaultKind::error_event:
      break;  // of streams only: TokenStream has them
  }
  co_return false;
}

Task<bool> Connection::fail(TruthLog::Entry& entry, const ServedRoute& route, const Fault& fault) {
  std::optional<Nanos> wait;
  if (fault.retry_after) {
    wait = scaled(*fault.retry_after, shard_.delays->time_scale());
    tell_to_wait(now(), *wait);
  }
  const auto response = failure(fault, route, wait);
  co_return co_await respond(entry, response, wire_.persistence());
}

/// Logged before it is done: the client may ask for the account as soon as it sees the end.
bool Connection::end_by(FaultKind fault, ConnectionEnd end, TruthLog::Entry& entry) {
  entry.truth.fault = fault;
  entry.truth.connection_end = end;
  entry.truth.closed = now();
  free_worker(entry.truth, fault);
  pass_.reset();
  shard_.log.finish(entry);
  return false;
}

}  // namespace atonce::mock
