#include "mock_server/rate_limiter.h"

#include <algorithm>

namespace atonce::mock {
namespace {

std::optional<RateLimiter::Gauge> read(const std::optional<RateMeter>& meter) {
  if (!meter) return {};
  return RateLimiter::Gauge{meter->most(), meter->remaining(), meter->until_full()};
}

Nanos wait(const std::optional<RateMeter>& meter, std::uint64_t amount) {
  return meter ? meter->wait(amount) : Nanos::zero();
}

}  // namespace

RateLimiter::KeyState::KeyState(const RateLimit& limit) {
  if (limit.requests) requests.emplace(*limit.requests);
  if (limit.tokens) tokens.emplace(limit.tokens->quota);
}

void RateLimiter::KeyState::settle(const RateLimit& limit, Instant at) {
  if (requests) requests->settle(at);
  if (tokens) tokens->settle(at);
  while (!refusals.empty() && after(refusals.front(), limit.ban->within) <= at) {
    refusals.pop_front();
  }
}

bool RateLimiter::KeyState::is_as_new(Instant at) const {
  const auto is_full = [](const auto& meter) {
    return !meter || meter->until_full() == Nanos::zero();
  };
  return is_full(requests) && is_full(tokens) && concurrent == 0 && refusals.empty() &&
         banned_until <= at;
}

RateLimiter::Admission RateLimiter::admit(std::string_view key, std::uint64_t tokens, Instant at) {
  const std::lock_guard lock(mutex_);
  const auto state = find(key, at);
  state->settle(limit_, at);
  Admission admission;
  judge(*state, tokens, admission);
  if (at < state->banned_until) {
    admission.verdict = Verdict::banned;
  } else if (admission.verdict == Verdict::limited) {
    admission.begins_ban = note_refusal(*state, at);
  } else {
    if (state->requests) state->requests->take(1);
    if (state->tokens) state->tokens->take(tokens);
    ++state->concurrent;
    admission.pass.emplace(*this, state);
  }
  admission.requests = read(state->requests);
  admission.tokens = read(state->tokens);
  return admission;
}

void RateLimiter::judge(const KeyState& key, std::uint64_t tokens, Admission& admission) const {
  const Nanos for_requests = wait(key.requests, 1);
  const Nanos for_tokens = wait(key.tokens, tokens);
  const Nanos longest = std::max(for_requests, for_tokens);
  const bool is_full = key.concurrent >= limit_.concurrent;
  if (longest == Nanos::zero() && !is_full) return;
  admission.verdict = Verdict::limited;
  admission.cause = for_requests > Nanos::zero() ? Cause::requests
                    : for_tokens > Nanos::zero() ? Cause::tokens
                                                 : Cause::concurrent;
  if (longest > Nanos::zero()) admission.wait = longest;
}

/// Whether it was the one too many.
bool RateLimiter::note_refusal(KeyState& key, Instant at) const {
  if (!limit_.ban) return false;
  key.refusals.push_back(at);
  if (key.refusals.size() < limit_.ban->after) return false;
  key.refusals.clear();
  key.banned_until = after(at, limit_.ban->lasts);
  return true;
}

std::shared_ptr<RateLimiter::KeyState> RateLimiter::find(std::string_view key, Instant at) {
  if (const auto found = keys_.find(key); found != keys_.end()) return found->second;
  if (keys_.size() >= keys_worth_a_look_) forget_idle(at);
  return keys_.emplace(key, std::make_shared<KeyState>(limit_)).first->second;
}

/// Clients that send a new key each time do not fill the memory.
void RateLimiter::forget_idle(Instant at) {
  std::erase_if(keys_, [this, at](const auto& entry) {
    entry.second->settle(limit_, at);
    return entry.second->is_as_new(at);
  });
  keys_worth_a_look_ = std::max<std::size_t>(1024, 2 * keys_.size());
}

void RateLimiter::release(KeyState& key) {
  const std::lock_guard lock(mutex_);
  --key.concurrent;
}

void RateLimiter::reset(double time_scale) {
  const std::lock_guard lock(mutex_);
  limit_ = with_time_scale(configured_, time_scale);
  keys_.clear();
}

}  // namespace atonce::mock
