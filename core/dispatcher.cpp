#include "core/dispatcher.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace atonce {
namespace {

std::optional<AdaptiveLimit> adaptive_limit(const Policy& policy) {
  if (policy.limit.law == LimitLaw::fixed) return {};
  return AdaptiveLimit(policy.limit, policy.cap);
}

}  // namespace

Dispatcher::Dispatcher(const Schedule& schedule, const Policy& policy, Recorder& recorder,
                       Instant start)
    : schedule_(schedule),
      policy_(policy),
      recorder_(recorder),
      start_(start),
      adaptive_(adaptive_limit(policy)),
      under_limit_(adaptive_ ? adaptive_->limit() : policy.cap, start) {
  assert(policy.cap >= 1);
  if (!schedule.closed) ledger_.scheduled = schedule.call_count();
  recorder_.begin(start, schedule.warm_up);
  if (adaptive_) recorder_.on_limit(adaptive_->limit());
}

std::optional<Attempt> Dispatcher::try_next(Instant at) {
  recorder_.on_look(at, in_flight());
  while (!stopped_ && under_limit_.is_any_free()) {
    if (open_next_session(at)) continue;
    const auto pending = pop_pending(at);
    if (!pending) {
      if (open_closed_session(at)) continue;
      return {};
    }
    const CallStatus& call = sessions_[pending->session_slot].calls[pending->call];
    const Instant deadline = after(call.ready, policy_.call_deadline);
    if (deadline > at) return hand_out(*pending, at);
    finish_call(pending->session_slot, pending->call, {Outcome::deadline, deadline});
  }
  return {};
}

Instant Dispatcher::next_wake() const {
  if (stopped_ || !under_limit_.is_any_free()) return never;
  Instant wake = pending_.empty() ? never : pending_.top().at;
  if (!arrivals_left()) return wake;
  const Instant due =
      schedule_.closed ? start_ : start_ + schedule_.arrivals[sessions_started_].due;
  return std::min(wake, due);
}

void Dispatcher::complete(const Sample& reported) {
  const InFlight held = slots_[reported.slot];
  slots_[reported.slot] = {};
  free_slots_.push_back(reported.slot);
  if (held.abort_as) std::erase(aborts_, reported.slot);  // it was faster than the abort
  under_limit_.give_back(reported.at.end());

  Sample sample = reported;
  if (sample.outcome == Outcome::cancelled && held.abort_as) sample.outcome = *held.abort_as;
  recorder_.on_attempt(sample);
  recorder_.on_in_flight(in_flight());
  if (adaptive_) adapt_limit(sample);
  sessions_[held.session_slot].calls[sample.id.call].last = last_attempt(sample);
  if (retry(held.session_slot, sample)) return;
  const auto& tokens = sample.token_arrivals;
  const Instant first_token = tokens.empty() ? unset : tokens.front();
  finish_call(held.session_slot, sample.id.call, {sample.outcome, sample.at.end(), first_token});
}

/// The time is the one that a limiter around the call would see: the wait for a connection is in
/// it, the step after the response is not.
void Dispatcher::adapt_limit(const Sample& sample) {
  const auto failed = overloaded(sample.outcome, sample.status);
  if (!failed) return;
  adaptive_->on_end(sample.at.done - sample.at.admitted, *failed, in_flight());
  under_limit_.resize(adaptive_->limit(), sample.at.end());
  recorder_.on_limit(adaptive_->limit());
}

std::vector<std::uint32_t> Dispatcher::take_aborts() {
  return std::exchange(aborts_, {});
}

void Dispatcher::stop(Instant at) {
  if (std::exchange(stopped_, true)) return;
  for (std::uint32_t slot = 0; slot < sessions_.size(); ++slot) {
    if (!sessions_[slot].plan) continue;
    cancel_session(sessions_[slot], Outcome::unfinished, at);
    if (sessions_[slot].calls_left == 0) close_session(slot, at);
  }
  for (std::uint64_t i = sessions_started_; i < schedule_.arrivals.size(); ++i)
    ledger_.calls[index(Outcome::unfinished)] +=
        schedule_.plans[schedule_.arrivals[i].plan].call_count();
}

bool Dispatcher::finished() const {
  const bool sessions_open = sessions_.size() > free_sessions_.size();
  return !sessions_open && (stopped_ || !arrivals_left());
}

bool Dispatcher::arrivals_left() const {
  if (!schedule_.closed) return sessions_started_ < schedule_.arrivals.size();
  const std::uint64_t most = schedule_.closed->sessions;
  return !closed_over_ && (most == 0 || sessions_started_ < most);
}

/// Opens the next arrival when it is due and no earlier call waits. Sessions are opened one at a
/// time, so a batch of a million sessions costs the memory of those in flight.
bool Dispatcher::open_next_session(Instant at) {
  if (schedule_.closed || !arrivals_left()) return false;
  const Arrival& arrival = schedule_.arrivals[sessions_started_];
  const Instant due = start_ + arrival.due;
  if (due > at || (!pending_.empty() && pending_.top().at <= due)) return false;
  open_session(schedule_.plans[arrival.plan], due);
  return true;
}

bool Dispatcher::open_closed_session(Instant at) {
  if (!schedule_.closed || !arrivals_left()) return false;
  const Nanos duration = schedule_.closed->duration;
  if (duration > Nanos{0} && at >= start_ + duration) {
    closed_over_ = true;
    return false;
  }
  open_session(schedule_.plans.front(), under_limit_.free_since());
  return true;
}

void Dispatcher::open_session(const SessionPlan& plan, Instant due) {
  if (free_sessions_.empty()) {
    free_sessions_.push_back(static_cast<std::uint32_t>(sessions_.size()));
    sessions_.emplace_back();
  }
  const std::uint32_t session_slot = free_sessions_.back();
  free_sessions_.pop_back();

  OpenSession& session = sessions_[session_slot];
  session.number = static_cast<std::uint32_t>(sessions_started_++);
  session.plan = &plan;
  session.due = due;
  session.ok = true;
  session.cancelled = false;
  session.calls.clear();
  session.stage_calls_left.clear();
  session.stage_deps_left.clear();
  for (const StagePlan& stage : plan.stages) {
    const auto number = static_cast<std::uint16_t>(session.stage_calls_left.size());
    for (const std::uint32_t request : stage.calls)
      session.calls.push_back({.stage = number, .request = request});
    session.stage_calls_left.push_back(stage.calls.size());
    session.stage_deps_left.push_back(stage.after.size());
  }
  session.calls_left = session.calls.size();
  if (schedule_.closed) ledger_.scheduled += session.calls_left;

  for (std::size_t stage = 0; stage < plan.stages.size(); ++stage)
    if (plan.stages[stage].after.empty()) open_stage(session_slot, stage, due);
  if (session.calls_left == 0) close_session(session_slot, due);
}

void Dispatcher::open_stage(std::uint32_t session_slot, std::size_t stage, Instant at) {
  OpenSession& session = sessions_[session_slot];
  if (session.stage_calls_left[stage] == 0) return close_stage(session_slot, stage, at);
  for (std::uint16_t call = 0; call < session.calls.size(); ++call) {
    if (session.calls[call].stage != stage) continue;
    session.calls[call].ready = at;
    make_pending(session_slot, call, at);
  }
}

void Dispatcher::close_stage(std::uint32_t session_slot, std::size_t stage, Instant at) {
  OpenSession& session = sessions_[session_slot];
  const auto& stages = session.plan->stages;
  for (std::size_t next = stage + 1; next < stages.size(); ++next) {
    const auto waits = std::ranges::count(stages[next].after, stage);
    if (waits == 0) continue;
    session.stage_deps_left[next] -= static_cast<std::size_t>(waits);
    if (session.stage_deps_left[next] == 0) open_stage(session_slot, next, at);
  }
}

void Dispatcher::close_session(std::uint32_t session_slot, Instant at) {
  OpenSession& session = sessions_[session_slot];
  recorder_.on_session(
      {.session = session.number, .ok = session.ok, .due = session.due, .done = at});
  session.plan = nullptr;
  free_sessions_.push_back(session_slot);
}

void Dispatcher::make_pending(std::uint32_t session_slot, std::uint16_t call, Instant at) {
  OpenSession& session = sessions_[session_slot];
  session.calls[call].state = CallState::pending;
  pending_.push({at, pending_order_++, session_slot, session.number, call});
}

std::optional<Dispatcher::Pending> Dispatcher::pop_pending(Instant at) {
  while (!pending_.empty() && pending_.top().at <= at) {
    const Pending pending = pending_.top();
    pending_.pop();
    const OpenSession& session = sessions_[pending.session_slot];
    if (session.plan && session.number == pending.session &&
        session.calls[pending.call].state == CallState::pending)
      return pending;
  }
  return {};
}

Attempt Dispatcher::hand_out(const Pending& pending, Instant at) {
  OpenSession& session = sessions_[pending.session_slot];
  CallStatus& call = session.calls[pending.call];
  if (free_slots_.empty()) {
    free_slots_.push_back(static_cast<std::uint32_t>(slots_.size()));
    slots_.emplace_back();
  }
  const Instant unblocked = std::max(pending.at, under_limit_.take());
  call.state = CallState::in_flight;
  call.slot = free_slots_.back();
  free_slots_.pop_back();
  slots_[call.slot] = {.session_slot = pending.session_slot, .call = pending.call, .abort_as = {}};
  recorder_.on_in_flight(in_flight());

  Attempt attempt;
  attempt.id = {session.number, pending.call, call.attempts++};
  attempt.slot = call.slot;
  attempt.request = &schedule_.requests[call.request];
  attempt.due = session.due;
  attempt.ready = pending.at;
  attempt.unblocked = unblocked;
  attempt.admitted = at;
  const Instant timeout = after(at, policy_.attempt_timeout);
  const Instant deadline = after(call.ready, policy_.call_deadline);
  attempt.give_up_at = std::min(timeout, deadline);
  attempt.deadline_first = deadline < timeout;
  return attempt;
}

bool Dispatcher::retry(std::uint32_t session_slot, const Sample& sample) {
  const OpenSession& session = sessions_[session_slot];
  if (session.cancelled) return false;
  const auto wait = retry_wait(policy_.retry, policy_.seed, sample);
  if (!wait) return false;
  const Instant again = after(sample.at.end(), *wait);
  if (again >= after(session.calls[sample.id.call].ready, policy_.call_deadline)) return false;
  make_pending(session_slot, sample.id.call, again);
  return true;
}

/// Books the final state of one call; draws no consequences.
void Dispatcher::settle(OpenSession& session, std::uint16_t number, const End& end) {
  CallStatus& call = session.calls[number];
  call.state = CallState::final;
  --session.calls_left;
  --session.stage_calls_left[call.stage];
  session.ok &= end.outcome == Outcome::ok;
  ++ledger_.calls[index(end.outcome)];
  recorder_.on_call({.session = session.number,
                     .call = number,
                     .stage = call.stage,
                     .attempts = call.attempts,
                     .outcome = end.outcome,
                     .due = session.due,
                     .ready = call.ready,
                     .first_token = end.first_token,
                     .done = end.at,
                     .last = call.last});
}

void Dispatcher::finish_call(std::uint32_t session_slot, std::uint16_t call, const End& end) {
  OpenSession& session = sessions_[session_slot];
  settle(session, call, end);
  if (end.outcome != Outcome::ok && policy_.on_error == ErrorPolicy::fail_fast)
    cancel_session(session, Outcome::cancelled, end.at);
  const std::size_t stage = session.calls[call].stage;
  if (!session.cancelled && session.stage_calls_left[stage] == 0)
    close_stage(session_slot, stage, end.at);
  if (session.calls_left == 0) close_session(session_slot, end.at);
}

void Dispatcher::cancel_session(OpenSession& session, Outcome outcome, Instant at) {
  session.cancelled = true;
  for (std::uint16_t number = 0; number < session.calls.size(); ++number) {
    const CallStatus& call = session.calls[number];
    if (call.state == CallState::final) continue;
    if (call.state != CallState::in_flight) {
      settle(session, number, {outcome, at});
    } else if (!slots_[call.slot].abort_as) {
      slots_[call.slot].abort_as = outcome;
      aborts_.push_back(call.slot);
    }
  }
}

}  // namespace atonce
