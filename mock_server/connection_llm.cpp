/// What a connection does on a route that speaks the API of an LLM vendor.

#include <algorithm>
#include <stdexcept>
#include <utility>
#include <variant>

#include "mock_server/connection.h"

namespace atonce::mock {
namespace {

struct Mistake {
  std::string sentence;
};

std::variant<LlmRequest, Mistake> read_request(LlmApi api, std::string_view body) {
  try {
    return parse_llm_request(api, body);
  } catch (const std::invalid_argument& error) {
    return Mistake{error.what()};
  }
}

CannedResponse refusal(const ServedRoute& route, std::uint16_t status, std::string_view sentence) {
  return {status,
          {{"Content-Type", "application/json"}},
          vendor_error(route.llm->api, status, sentence)};
}

CannedResponse::Headers headers_of(const ServedRoute& route, const LlmAnswer& answer, Nanos ttft) {
  auto headers = vendor_headers(route.llm->api, answer, ttft);
  headers.insert(headers.end(), route.headers.begin(), route.headers.end());
  return headers;
}

StreamScript script_of(const ServedRoute& route, LlmAnswer answer, TokenPlan plan,
                       double time_scale) {
  const LlmRoute& llm = *route.llm;
  StreamScript script{.answer = std::move(answer),
                      .events = {},
                      .plan = std::move(plan),
                      .head = {},
                      .role_chunk = llm.role_chunk,
                      .comment_period = {},
                      .bytes_per_write = llm.wire.bytes_per_write,
                      .fault = {}};
  script.events = render_events(llm.api, script.answer, llm.wire.is_crlf);
  if (llm.wire.keep_alive_comment) {
    script.comment_period = scaled(*llm.wire.keep_alive_comment, time_scale);
  }
  return script;
}

}  // namespace

Task<bool> Connection::converse(TruthLog::Entry& entry, const ServedRoute& route) {
  const auto read = read_request(route.llm->api, wire_.body());
  if (const auto* mistake = std::get_if<Mistake>(&read)) {
    co_return co_await respond(entry, refusal(route, 400, mistake->sentence), wire_.persistence());
  }
  const auto& request = std::get<LlmRequest>(read);
  const Fault* fault = drawn_fault(route, entry.truth.id);
  if (fault != nullptr && fault->at_once) co_return co_await strike(entry, route, *fault);
  if (!route.workers) co_return co_await answer(entry, route, request, fault);
  const Visit visit = co_await take_worker(entry.truth, route);
  if (visit == Visit::gone) co_return give_up(entry);
  if (visit == Visit::refused) {
    const auto response = refusal(route, 503, "all workers are busy and the queue is full");
    co_return co_await respond(entry, response, wire_.persistence());
  }
  at_worker_ = &route;
  co_return co_await answer(entry, route, request, fault);
}

/// Before the last write or the end, so that the client's next request finds the worker free. A
/// stall goes on after the planned end, and keeps it.
void Connection::free_worker(const AttemptTruth& truth, FaultKind fault) {
  const ServedRoute* const route = std::exchange(at_worker_, nullptr);
  if (route == nullptr) return;
  const Instant end = truth.arrived + truth.queued + truth.planned + truth.frozen;
  route->workers->leave(*this, fault == FaultKind::stall ? now() : std::min(now(), end));
}

Task<bool> Connection::answer(TruthLog::Entry& entry, const ServedRoute& route,
                              const LlmRequest& request, const Fault* fault) {
  auto prepared = prepare(entry.truth, route, request, fault);
  if (auto* stream = std::get_if<std::unique_ptr<TokenStream>>(&prepared)) {
    co_return co_await play_stream(entry, **stream);
  }
  const Instant end = entry.truth.arrived + entry.truth.queued + entry.truth.planned;
  const auto held = co_await wire_.hold_until(end);
  if (held == Wire::Held::gone) co_return give_up(entry);
  if (auto* response = std::get_if<CannedResponse>(&prepared)) {
    co_return co_await respond(entry, *response, wire_.persistence());
  }
  co_return co_await strike(entry, route, *fault);
}

/// Plans the answer, and renders what of it can be. Nothing is left to be answered when the fault
/// strikes instead.
Connection::PreparedAnswer Connection::prepare(AttemptTruth& truth, const ServedRoute& route,
                                               const LlmRequest& request,
                                               const Fault* fault) const {
  const Delays& delays = *shard_.delays;
  const std::size_t in_flight = route.workers ? turn_.in_flight : 1;
  auto plan =
      delays.tokens(route.index, truth.id, request.max_tokens.value_or(most_tokens), in_flight);
  truth.planned = plan.total();
  std::optional<StreamFault> within;
  if (fault != nullptr && fault->after) {
    within = within_stream(*fault, plan.due.size(), delays.time_scale());
  }
  if (fault != nullptr && !request.is_stream && !needs_stream(fault->kind)) {
    if (within) truth.planned = plan.due_of(within->at);
    return Struck{};
  }
  if (fault != nullptr && !within) {
    truth.planned = plan.due.front();
    return Struck{};
  }
  auto answer = make_answer(request, delays.seed(), truth.id, plan.due.size(), plan.is_cut,
                            route.llm->tool_call);
  const auto headers = headers_of(route, answer, plan.due.front());
  if (!request.is_stream) {
    return CannedResponse(200, headers, render_body(route.llm->api, answer));
  }
  auto script = script_of(route, std::move(answer), std::move(plan), delays.time_scale());
  script.fault = within;
  script.is_chunked = wire_.head().is_http11;
  script.head = script.is_chunked
                    ? render_head(200, headers, "Transfer-Encoding: chunked", wire_.persistence())
                    : render_head(200, headers, "", Persistence::closes);
  if (!extra_headers_.empty()) script.head = with_headers(script.head, extra_headers_);
  return std::make_unique<TokenStream>(std::move(script), truth.arrived + truth.queued);
}

Task<bool> Connection::play_stream(TruthLog::Entry& entry, TokenStream& stream) {
  AttemptTruth& truth = entry.truth;
  truth.token_writes.reserve(stream.tokens());
  truth.planned = stream.planned();
  while (!stream.is_over()) {
    const bool is_stalled = stream.is_stalled();
    const Instant due = is_stalled ? after(now(), site_.config.limits.idle_time) : stream.due();
    auto held = Wire::Held::due;
    if (now() < due) {
      truth.frozen = Nanos::zero();  // deadlines are absolute: whatever was put off is made up for
      held = co_await wire_.hold_until(due);
    }
    if (held == Wire::Held::gone) co_return end_by(stream.struck(), ConnectionEnd::left, entry);
    if (is_stalled) co_return end_by(stream.struck(), ConnectionEnd::closed, entry);
    if (is_frozen()) {
      const bool stayed = co_await outlast_freeze(entry);
      if (!stayed) co_return end_by(stream.struck(), ConnectionEnd::left, entry);
    }
    const auto write = stream.next(now());
    if (stream.is_over()) {
      truth.planned = stream.planned();
      // The freeze may have begun to hold it up with a token before the last.
      truth.frozen = std::clamp(now() - (truth.arrived + truth.queued + truth.planned),
                                Nanos::zero(), truth.frozen);
      leave_flight(entry);
    }
    if (write.bytes.empty()) continue;  // struck, and nothing to say
    const auto written = co_await wire_.send(write.bytes, "");
    if (!written) co_return end_by(stream.struck(), ConnectionEnd::left, entry);
    if (truth.first_write == unset) {
      truth.first_write = written->first;
      truth.status = 200;
    }
    truth.last_write = written->last;
    truth.token_writes.insert(truth.token_writes.end(), write.tokens, written->last);
  }
  co_return co_await end_stream(entry, stream);
}

Task<bool> Connection::end_stream(TruthLog::Entry& entry, const TokenStream& stream) {
  if (stream.end() == TokenStream::End::reset) {
    end_by(stream.struck(), ConnectionEnd::reset, entry);
    wire_.reset();
    co_return false;
  }
  if (stream.end() == TokenStream::End::close) {
    end_by(stream.struck(), ConnectionEnd::closed, entry);
    co_await wire_.finish_sending();
    co_return false;
  }
  // Without chunks, only the end of the connection tells the end of the body.
  const bool stays_open = wire_.head().is_http11 && wire_.persistence() != Persistence::closes;
  entry.truth.fault = stream.struck();
  if (!stays_open) entry.truth.connection_end = ConnectionEnd::closed;
  shard_.log.finish(entry);
  if (!stays_open) co_await wire_.finish_sending();
  co_return stays_open;
}

}  // namespace atonce::mock
