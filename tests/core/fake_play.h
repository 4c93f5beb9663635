#pragma once
/// Plays a schedule on a fake clock, with a scripted or random client.

#include <vector>

#include "core/dispatcher.h"

namespace atonce::testing {

/// Times in these tests are small whole numbers of nanoseconds after this instant.
inline constexpr Instant start{Nanos{1'000'000}};
constexpr Instant at(std::int64_t ns) {
  return start + Nanos{ns};
}

/// One plan whose stages have the given numbers of calls, each stage after the one before.
inline SessionPlan chain(std::vector<std::size_t> widths) {
  SessionPlan plan;
  for (std::size_t i = 0; i < widths.size(); ++i) {
    StagePlan stage;
    stage.calls.assign(widths[i], 0);
    if (i > 0) stage.after = {static_cast<std::uint16_t>(i - 1)};
    plan.stages.push_back(stage);
  }
  return plan;
}

inline Schedule batch(std::size_t sessions, SessionPlan plan) {
  Schedule schedule;
  schedule.requests.resize(1);
  schedule.plans = {std::move(plan)};
  schedule.arrivals.assign(sessions, Arrival{});
  return schedule;
}

/// A dispatcher with its recorder, and the short forms the tests speak in.
struct Desk {
  Schedule schedule;
  Recorder recorder;
  Dispatcher work;

  explicit Desk(Schedule the_schedule, Policy policy = {})
      : schedule(std::move(the_schedule)), work(schedule, policy, recorder, start) {}

  std::vector<Attempt> take_all(std::int64_t ns) {
    std::vector<Attempt> taken;
    while (const auto attempt = work.try_next(at(ns))) taken.push_back(*attempt);
    return taken;
  }

  void complete(const Attempt& attempt, std::int64_t ns, Outcome outcome = Outcome::ok,
                std::uint16_t status = 200) {
    Sample sample = attempt.begin_sample();
    sample.outcome = outcome;
    sample.status = status;
    sample.at.done = at(ns);
    work.complete(sample);
  }

  std::uint64_t calls(Outcome outcome) const { return work.ledger().calls[index(outcome)]; }
};

}  // namespace atonce::testing
