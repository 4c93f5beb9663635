/// Random schedules, random policies, a random client: the dispatcher's promises hold in every
/// case.

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "tests/core/fake_play.h"

namespace atonce::testing {
namespace {

#ifdef ATONCE_SANITIZED
constexpr std::uint64_t cases_per_shard = 2'500;
#else
constexpr std::uint64_t cases_per_shard = 25'000;
#endif

class Chance {
 public:
  explicit Chance(std::uint64_t seed) : engine_(seed) {}
  std::int64_t between(std::int64_t low, std::int64_t high) {
    return std::uniform_int_distribution<std::int64_t>(low, high)(engine_);
  }
  std::size_t size(std::size_t low, std::size_t high) {
    return static_cast<std::size_t>(
        between(static_cast<std::int64_t>(low), static_cast<std::int64_t>(high)));
  }
  bool one_in(int n) { return between(1, n) == 1; }

 private:
  std::mt19937_64 engine_;
};

SessionPlan random_plan(Chance& chance) {
  SessionPlan plan;
  for (std::size_t i = chance.size(0, 5); i > 0; --i) {
    StagePlan stage;
    stage.calls.assign(chance.size(0, 4), 0);
    for (std::uint16_t before = 0; before < plan.stages.size(); ++before)
      if (chance.one_in(2)) stage.after.push_back(before);
    plan.stages.push_back(stage);
  }
  return plan;
}

Schedule random_schedule(Chance& chance, bool& closed) {
  Schedule schedule = batch(0, random_plan(chance));
  schedule.plans.push_back(random_plan(chance));
  closed = chance.one_in(4);
  if (closed) {
    schedule.closed = Schedule::Closed{.sessions = chance.size(1, 6),
                                       .duration = Nanos{chance.one_in(2) ? 0 : 50}};
    return schedule;
  }
  std::int64_t due = 0;
  for (std::size_t i = chance.size(0, 6); i > 0; --i) {
    if (chance.one_in(2)) due += chance.between(0, 30);
    schedule.arrivals.push_back({Nanos{due}, static_cast<std::uint32_t>(chance.size(0, 1))});
  }
  return schedule;
}

Policy random_policy(Chance& chance) {
  Policy policy;
  if (!chance.one_in(4)) policy.cap = chance.size(1, 5);
  if (chance.one_in(3)) policy.limit.law = static_cast<LimitLaw>(chance.between(0, 3));
  if (chance.one_in(2)) policy.attempt_timeout = Nanos{chance.between(1, 40)};
  if (chance.one_in(3)) policy.call_deadline = Nanos{chance.between(1, 120)};
  policy.retry.max_attempts = static_cast<std::uint16_t>(chance.between(1, 4));
  policy.retry.base = Nanos{chance.between(0, 20)};
  policy.retry.jitter = chance.one_in(2) ? 0.5 : 0;
  policy.on_error = chance.one_in(2) ? ErrorPolicy::collect : ErrorPolicy::fail_fast;
  return policy;
}

/// Plays one random case and watches every promise.
class RandomCase {
 public:
  explicit RandomCase(std::uint64_t seed)
      : chance_(seed),
        schedule_(random_schedule(chance_, closed_)),
        policy_(random_policy(chance_)),
        desk_(schedule_, policy_) {
    if (chance_.one_in(8)) stop_at_ = at(chance_.between(0, 150));
  }

  void play() {
    for (int step = 0; !desk_.work.finished(); ++step) {
      ASSERT_LT(step, 10'000) << "it never ends";
      if (now_ >= stop_at_) desk_.work.stop(now_);
      take_all();
      if (!chance_.one_in(3)) note_aborts();
      if (::testing::Test::HasFatalFailure() || desk_.work.finished()) break;
      advance();
    }
    check_end();
  }

 private:
  struct Flight {
    Attempt attempt;
    Instant ends;
    bool abort = false;
  };

  void take_all() {
    while (const auto attempt = desk_.work.try_next(now_)) {
      check_hand_out(*attempt);
      const Instant ends = now_ + Nanos{chance_.between(0, 40)};
      flights_.push_back({*attempt, std::min(ends, attempt->give_up_at), false});
      if (::testing::Test::HasFatalFailure()) return;
    }
  }

  void check_hand_out(const Attempt& attempt) {
    ASSERT_FALSE(now_ >= stop_at_) << "handed out after stop";
    ASSERT_LT(flights_.size(), policy_.cap) << "over the cap";
    ASSERT_LE(attempt.due, attempt.ready);
    ASSERT_LE(attempt.ready, attempt.unblocked);
    ASSERT_LE(attempt.unblocked, attempt.admitted) << "early";
    ASSERT_EQ(attempt.admitted, now_);
    ASSERT_GT(attempt.give_up_at, now_) << "handed out past its deadline";
    if (!closed_) {
      ASSERT_EQ(attempt.due, start + schedule_.arrivals[attempt.id.session].due);
    }
    for (const Flight& flight : flights_) ASSERT_NE(flight.attempt.slot, attempt.slot);

    const auto key = std::pair{attempt.id.session, attempt.id.call};
    ASSERT_EQ(attempt.id.attempt, attempts_[key]++) << "attempts of a call are numbered 0, 1, 2";
    ASSERT_LE(attempts_[key], policy_.retry.max_attempts);
    if (attempt.id.attempt > 0) {
      AttemptId before = attempt.id;
      --before.attempt;
      const Nanos pause = backoff(policy_.retry, policy_.seed, before.packed(), before.attempt);
      ASSERT_EQ(attempt.ready, last_done_[key] + pause) << "not after its own back-off";
    }
    ASSERT_EQ(final_calls().count(key), 0u) << "handed out after its final state";
    check_stage_order(attempt);
    if (policy_.on_error == ErrorPolicy::fail_fast) {
      for (const CallRecord& call : desk_.recorder.calls())
        ASSERT_FALSE(call.session == attempt.id.session && call.outcome != Outcome::ok)
            << "handed out after a sibling failed";
    }
  }

  void check_stage_order(const Attempt& attempt) {
    const auto& stages = plan_of(attempt.id.session).stages;
    std::vector<std::size_t> first_call{0};
    for (const auto& stage : stages) first_call.push_back(first_call.back() + stage.calls.size());
    const auto after_last = std::ranges::upper_bound(first_call, attempt.id.call);
    const auto stage = static_cast<std::size_t>(after_last - first_call.begin()) - 1;
    const auto done = final_calls();
    for (const std::size_t before : stages[stage].after)
      for (std::size_t call = first_call[before]; call < first_call[before + 1]; ++call)
        ASSERT_EQ(done.count({attempt.id.session, static_cast<std::uint16_t>(call)}), 1u)
            << "stage opened early";
  }

  void note_aborts() {
    for (const std::uint32_t slot : desk_.work.take_aborts()) {
      const auto found = std::ranges::find(
          flights_, slot, [](const Flight& flight) { return flight.attempt.slot; });
      ASSERT_NE(found, flights_.end()) << "abort of an attempt that is not in flight";
      ASSERT_FALSE(found->abort) << "named twice";
      found->abort = true;
      found->ends = std::min(found->ends, now_ + Nanos{chance_.between(0, 3)});
    }
  }

  /// To the next event, sometimes less far, sometimes too late as a slow client would be.
  void advance() {
    const auto first = std::ranges::min_element(flights_, {}, &Flight::ends);
    const Instant ends = first == flights_.end() ? never : first->ends;
    const Instant wake = std::max(desk_.work.next_wake(), now_);
    const Instant next = std::min({ends, wake, std::max(stop_at_, now_)});
    ASSERT_NE(next, never) << "nothing in flight, nothing to wait for, yet not finished";
    if (chance_.one_in(3) && next > now_ && wake > now_) {
      now_ += (next - now_) / 2;
      if (now_ < wake) {
        ASSERT_FALSE(desk_.work.try_next(now_)) << "next_wake() was too late";
      }
    }
    if (next == ends) {
      now_ = std::max(now_, next);
      complete(first);
    } else {
      now_ = std::max(now_, next) + Nanos{chance_.one_in(4) ? chance_.between(0, 10) : 0};
    }
  }

  void complete(std::vector<Flight>::iterator flight) {
    Sample sample = flight->attempt.begin_sample();
    sample.at.done = now_;
    if (flight->abort && !chance_.one_in(4)) {
      sample.outcome = Outcome::cancelled;
    } else if (now_ >= flight->attempt.give_up_at) {
      sample.outcome = flight->attempt.give_up_outcome(true);
    } else {
      sample.status = chance_.one_in(4) ? 503 : chance_.one_in(8) ? 404 : 200;
      sample.outcome = outcome_of_status(sample.status);
    }
    flights_.erase(flight);
    last_done_[{sample.id.session, sample.id.call}] = now_;
    desk_.work.complete(sample);
    ASSERT_EQ(desk_.work.in_flight(), flights_.size());
  }

  void check_end() {
    ASSERT_TRUE(desk_.work.finished());
    ASSERT_TRUE(flights_.empty()) << "finished with attempts in flight";
    const Ledger& ledger = desk_.work.ledger();
    ASSERT_TRUE(ledger.conserved());
    if (!closed_) {
      ASSERT_EQ(ledger.scheduled, schedule_.call_count());
    }
    ASSERT_EQ(final_calls().size(), desk_.recorder.calls().size()) << "a call ended twice";
    if (stop_at_ == never) {
      ASSERT_EQ(desk_.recorder.calls().size(), ledger.scheduled);
    }
    if (policy_.on_error == ErrorPolicy::collect) {
      ASSERT_EQ(ledger.calls[index(Outcome::cancelled)], 0u);
    }
    std::uint64_t attempts = 0;
    for (const CallRecord& call : desk_.recorder.calls()) attempts += call.attempts;
    ASSERT_EQ(attempts, desk_.recorder.attempt_count());
    ASSERT_FALSE(desk_.work.try_next(now_ + Nanos{1'000'000}));
  }

  std::set<std::pair<std::uint32_t, std::uint16_t>> final_calls() const {
    std::set<std::pair<std::uint32_t, std::uint16_t>> keys;
    for (const CallRecord& call : desk_.recorder.calls()) keys.insert({call.session, call.call});
    return keys;
  }
  const SessionPlan& plan_of(std::uint32_t session) const {
    return schedule_.plans[closed_ ? 0 : schedule_.arrivals[session].plan];
  }

  Chance chance_;
  bool closed_ = false;
  Schedule schedule_;
  Policy policy_;
  Desk desk_;
  Instant now_ = start;
  Instant stop_at_ = never;
  std::vector<Flight> flights_;
  std::map<std::pair<std::uint32_t, std::uint16_t>, std::uint16_t> attempts_;
  std::map<std::pair<std::uint32_t, std::uint16_t>, Instant> last_done_;
};

class DispatcherProperty : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(DispatcherProperty, keeps_its_promises_in_random_cases) {
  const std::uint64_t first = GetParam() * cases_per_shard;
  for (std::uint64_t seed = first; seed < first + cases_per_shard; ++seed) {
    SCOPED_TRACE(seed);
    RandomCase(seed).play();
    if (HasFailure()) return;
  }
}

INSTANTIATE_TEST_SUITE_P(Shards, DispatcherProperty, ::testing::Range<std::uint64_t>(0, 4));

}  // namespace
}  // namespace atonce::testing
