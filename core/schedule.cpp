#include "core/schedule.h"

#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>

#include "core/open_load.h"

namespace atonce {
namespace {

void check_session_count(double sessions) {
  if (sessions > std::numeric_limits<std::uint32_t>::max())
    throw std::invalid_argument("a schedule holds at most 2^32 - 1 sessions");
}

void check_bounds(const Load& load) {
  const bool by_duration = load.duration > Nanos{0} && load.shape != LoadShape::batch;
  if (load.sessions == 0 && !by_duration && load.shape != LoadShape::trace)
    throw std::invalid_argument(load.shape == LoadShape::batch
                                    ? "a batch needs a number of sessions"
                                    : "a load needs a number of sessions or a duration");
  check_session_count(static_cast<double>(load.sessions));
}

void check_rate(const Load& load) {
  load.rate.check();
  if (!(load.burstiness > 0 && std::isfinite(load.burstiness)))
    throw std::invalid_argument("gamma gaps need a burstiness above 0");
  if (!(load.jitter >= 0 && load.jitter <= 1))
    throw std::invalid_argument("a jitter is a part of the period, from 0 to 1");
  if (load.sessions == 0) check_session_count(load.rate.expected(load.duration));
}

}  // namespace

std::size_t SessionPlan::call_count() const {
  return std::accumulate(
      stages.begin(), stages.end(), std::size_t{0},
      [](std::size_t sum, const StagePlan& stage) { return sum + stage.calls.size(); });
}

const SessionPlan& Schedule::plan_of(std::uint32_t session) const {
  return plans[closed ? 0 : arrivals[session].plan];
}

std::uint64_t Schedule::session_count() const {
  return closed ? closed->sessions : arrivals.size();
}

std::uint64_t Schedule::call_count() const {
  if (closed) return closed->sessions * plans.front().call_count();
  std::vector<std::uint64_t> calls_of_plan;
  for (const SessionPlan& plan : plans) calls_of_plan.push_back(plan.call_count());
  return std::accumulate(
      arrivals.begin(), arrivals.end(), std::uint64_t{0},
      [&](std::uint64_t sum, const Arrival& arrival) { return sum + calls_of_plan[arrival.plan]; });
}

Schedule make_schedule(const Load& load, SessionPlan plan, std::vector<Request> requests,
                       std::uint64_t seed) {
  check_bounds(load);
  if (has_rate(load.shape)) check_rate(load);
  Schedule schedule;
  schedule.requests = std::move(requests);
  schedule.plans.push_back(std::move(plan));
  schedule.warm_up = load.warm_up;
  if (load.shape == LoadShape::closed)
    schedule.closed = {.sessions = load.sessions, .duration = load.duration};
  else if (load.shape == LoadShape::batch)
    schedule.arrivals.resize(load.sessions);
  else
    schedule.arrivals = open_arrivals(load, seed);
  check_session_count(static_cast<double>(schedule.arrivals.size()));
  return schedule;
}

}  // namespace atonce
