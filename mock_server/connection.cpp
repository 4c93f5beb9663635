#include "mock_server/connection.h"

#include <algorithm>
#include <boost/asio/post.hpp>

#include "mock_server/operator_pages.h"

// g++ 12 miscompiles co_await within ?:, && and ||, and in some conditions of an if. In this folder
// it stands in statements and initialisers only.

namespace atonce::mock {

Connection::Connection(Site& site, Shard& shard, Socket socket)
    : site_(site),
      shard_(shard),
      wire_(std::move(socket), site.config.limits, site.rate_limits.key_headers()),
      number_(site.tally.number_connection()),
      era_(shard.log.count_connection()) {
  shard_.connections.insert(this);
  if (shard_.closing) close();
}

Connection::~Connection() {
  shard_.connections.erase(this);
  if (is_counted_) shard_.log.count_disconnection();
}

Task<void> Connection::run() {
  for (bool stays_open = true; stays_open;) {
    const auto received = co_await wire_.receive_head();
    if (received == Wire::Received::gone) break;
    if (received != Wire::Received::body_too_large && !wire_.head_is_complete()) {
      co_await reject(received);
      break;
    }
    if (is_operator_path(wire_.head().path())) {
      stays_open = co_await serve_operator();
    } else {
      stays_open = co_await serve(received);
    }
  }
}

/// It never became a request, so it is no attempt.
Task<void> Connection::reject(Wire::Received received) {
  shard_.log.count_rejected();
  const auto& refusal = site_.routes.refusal(static_cast<std::uint16_t>(received));
  const auto sent = co_await wire_.send(refusal.head(Persistence::closes), refusal.body());
  if (sent) co_await wire_.finish_sending();
}

Task<bool> Connection::serve(Wire::Received received) {
  auto entry = shard_.log.arrive(wire_.head().id, wire_.arrived(), number_);
  if (wire_.head().id && site_.retry_watch.is_early(entry.truth.id, entry.truth.arrived)) {
    shard_.log.count(entry, LimitEvent::early_retry);
  }
  shard_.freezes->begin(entry.truth.arrived);
  const auto match = site_.routes.find(wire_.head().method, wire_.head().path());
  if (received == Wire::Received::complete && !wire_.body_is_complete()) {
    if (wire_.head().expects_continue) co_await wire_.send("HTTP/1.1 100 Continue\r\n\r\n", "");
    const bool is_read = match.route != nullptr && match.route->llm;
    received = co_await wire_.receive_body(is_read ? Wire::BodyUse::keep : Wire::BodyUse::drop);
  }
  if (received == Wire::Received::gone) co_return give_up(entry);
  if (received != Wire::Received::complete) {
    co_return co_await refuse(entry, static_cast<std::uint16_t>(received));
  }
  if (match.route == nullptr)
    co_return co_await respond(entry, *match.refusal, wire_.persistence());
  if (RateLimiter* limiter = site_.rate_limits.of(match.route->index); limiter != nullptr) {
    co_return co_await play_limited(entry, *match.route, *limiter);
  }
  co_return co_await play(entry, *match.route);
}

/// The rest of such a request is still on its way, so the connection cannot be used again.
Task<bool> Connection::refuse(TruthLog::Entry& entry, std::uint16_t status) {
  const bool answered = co_await respond(entry, site_.routes.refusal(status), Persistence::closes);
  if (answered) co_await wire_.finish_sending();
  co_return false;
}

Task<bool> Connection::play(TruthLog::Entry& entry, const ServedRoute& route) {
  if (route.llm) co_return co_await converse(entry, route);
  AttemptTruth& truth = entry.truth;
  const Fault* fault = drawn_fault(route, truth.id);
  if (fault != nullptr && fault->at_once) co_return co_await strike(entry, route, *fault);
  if (route.workers) {
    const Visit visit = co_await use_worker(entry, route);
    if (visit == Visit::gone) co_return give_up(entry);
    if (visit == Visit::refused) {
      co_return co_await respond(entry, site_.routes.refusal(503), wire_.persistence());
    }
  }
  const Nanos latency = shard_.delays->latency(route.index, truth.id);
  truth.planned += latency;
  if (latency > Nanos::zero()) {
    const auto held =
        co_await wire_.hold_until(truth.arrived + truth.queued + truth.planned + truth.frozen);
    if (held == Wire::Held::gone) co_return give_up(entry);
  }
  if (fault != nullptr) co_return co_await strike(entry, route, *fault);
  if (!route.content) co_return co_await respond(entry, route.response, wire_.persistence());
  const CannedResponse response(route.response.status(), route.headers,
                                render_content(*route.content, wire_.head().query()));
  co_return co_await respond(entry, response, wire_.persistence());
}

/// Leaves the turn in turn_ when it is served.
Task<Connection::Visit> Connection::take_worker(AttemptTruth& truth, const ServedRoute& route) {
  const auto [entry, turn] = route.workers->enter(*this, truth.arrived);
  if (entry == WorkerPool::Entry::refused) co_return Visit::refused;
  if (entry == WorkerPool::Entry::served) turn_ = turn;
  if (entry == WorkerPool::Entry::waiting) {
    const auto held = co_await wire_.hold_until(never);
    if (held == Wire::Held::gone) {
      route.workers->leave(*this, now());
      co_return Visit::gone;
    }
  }
  // A worker is free from the planned end of its last service, which may be just before we came.
  truth.queued = std::max(turn_.start - truth.arrived, Nanos::zero());
  co_return Visit::served;
}

Task<Connection::Visit> Connection::use_worker(TruthLog::Entry& entry, const ServedRoute& route) {
  AttemptTruth& truth = entry.truth;
  const auto visit = co_await take_worker(truth, route);
  if (visit != Visit::served) co_return visit;
  truth.planned = shard_.delays->service(route.index, truth.id, turn_.in_flight);
  const Instant due = truth.arrived + truth.queued + truth.planned;
  const Instant end = shard_.freezes->thaw(due);
  auto held = Wire::Held::due;
  if (end > truth.arrived + truth.queued) held = co_await wire_.hold_until(end);
  const bool stayed = held == Wire::Held::due;
  const Instant left = stayed ? end : now();
  truth.frozen = std::clamp(left - due, Nanos::zero(), end - due);
  entry.was_frozen = truth.frozen > Nanos::zero();
  route.workers->leave(*this, left);
  co_return stayed ? Visit::served : Visit::gone;
}

void Connection::on_turn(const Turn& turn) {
  asio::post(shard_.loop, [self = shared_from_this(), turn] {
    self->turn_ = turn;
    self->wire_.wake();
  });
}

bool Connection::give_up(TruthLog::Entry& entry) {
  return end_by(FaultKind::none, ConnectionEnd::left, entry);
}

/// Counted out before the last write: the client's next request may arrive on another thread before
/// this one runs on.
void Connection::leave_flight(TruthLog::Entry& entry) {
  free_worker(entry.truth, FaultKind::none);
  pass_.reset();
  shard_.log.leave_flight(entry);
}

Task<bool> Connection::respond(TruthLog::Entry& entry, const CannedResponse& response,
                               Persistence persistence) {
  if (is_frozen()) {
    const bool stayed = co_await outlast_freeze(entry);
    if (!stayed) co_return give_up(entry);
  }
  leave_flight(entry);
  const bool head_only = wire_.head().method == "HEAD";
  std::string_view head = response.head(persistence);
  std::string longer_head;
  if (!extra_headers_.empty()) head = longer_head = with_headers(head, extra_headers_);
  const auto written = co_await wire_.send(head, head_only ? std::string_view{} : response.body());
  if (!written) co_return give_up(entry);
  entry.truth.first_write = written->first;
  entry.truth.last_write = written->last;
  entry.truth.status = response.status();
  const bool stays_open = persistence != Persistence::closes;
  if (!stays_open) entry.truth.connection_end = ConnectionEnd::closed;
  shard_.log.finish(entry);
  co_return stays_open;
}

Task<bool> Connection::serve_operator() {
  if (std::exchange(is_counted_, false)) shard_.log.forget_connection(era_);
  if (!wire_.body_is_complete()) {
    const auto received = co_await wire_.receive_body();
    if (received != Wire::Received::complete) co_return false;
  }
  co_return co_await answer_operator(site_, wire_);
}

}  // namespace atonce::mock
