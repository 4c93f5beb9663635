/// What a connection does before it answers on a route with a rate limit.

#include "mock_server/connection.h"
#include "mock_server/rate_limit_answer.h"

namespace atonce::mock {
namespace {

using Verdict = RateLimiter::Verdict;

std::string lines(const CannedResponse::Headers& headers) {
  std::string text;
  for (const auto& [name, value] : headers) text += name + ": " + value + "\r\n";
  return text;
}

}  // namespace

Task<bool> Connection::play_limited(TruthLog::Entry& entry, const ServedRoute& route,
                                    RateLimiter& limiter) {
  const RateLimit& limit = limiter.limit();
  const RequestHead& head = wire_.head();
  const Instant at = now();
  auto admission = limiter.admit(site_.rate_limits.key(limiter, head),
                                 limit.tokens ? limit.tokens->estimate(head.body_bytes) : 0, at);
  if (admission.verdict == Verdict::admitted) {
    pass_.emplace(std::move(*admission.pass));
    extra_headers_ =
        lines(quota_headers(limit.vendor, admission, std::chrono::system_clock::now()));
    const bool stays_open = co_await play(entry, route);
    extra_headers_.clear();
    co_return stays_open;
  }
  note_refusal(entry, admission, at);
  if (admission.verdict == Verdict::banned && limit.ban->answer == Ban::Answer::drop) {
    const Fault drop{.kind = FaultKind::banned};
    co_return co_await strike(entry, route, drop);
  }
  const auto answer =
      refusal(limit.vendor, admission, entry.truth.id, std::chrono::system_clock::now());
  co_return co_await respond(entry, answer, wire_.persistence());
}

void Connection::note_refusal(const TruthLog::Entry& entry, const RateLimiter::Admission& admission,
                              Instant at) {
  if (admission.verdict == Verdict::banned) return shard_.log.count(entry, LimitEvent::banned);
  shard_.log.count(entry, LimitEvent::rate_limited);
  if (admission.begins_ban) shard_.log.count(entry, LimitEvent::ban);
  if (admission.wait) tell_to_wait(at, *admission.wait);
}

void Connection::tell_to_wait(Instant at, Nanos wait) {
  const auto id = wire_.head().id;
  if (id && wait < unlimited_time) site_.retry_watch.tell(*id, at, after(at, wait));
}

}  // namespace atonce::mock
