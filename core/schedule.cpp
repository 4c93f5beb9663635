#include "core/schedule.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>

#include "core/random.h"

namespace atonce {
namespace {

constexpr long double ns_per_second = 1e9L;
constexpr Nanos latest_due = std::chrono::hours(24 * 365);

void check_session_count(double sessions) {
  if (sessions > std::numeric_limits<std::uint32_t>::max())
    throw std::invalid_argument("a schedule holds at most 2^32 - 1 sessions");
}

bool is_open(LoadShape shape) {
  return shape == LoadShape::constant || shape == LoadShape::poisson;
}

void check(const Load& load) {
  const bool by_duration = load.duration > Nanos{0} && load.shape != LoadShape::batch;
  if (load.sessions == 0 && !by_duration)
    throw std::invalid_argument(load.shape == LoadShape::batch
                                    ? "a batch needs a number of sessions"
                                    : "a load needs a number of sessions or a duration");
  if (is_open(load.shape) && !(load.rate > 0))
    throw std::invalid_argument("a constant or poisson load needs a rate above 0");
  check_session_count(static_cast<double>(load.sessions));
  if (is_open(load.shape) && load.sessions == 0)
    check_session_count(load.rate * std::chrono::duration<double>(load.duration).count());
}

/// Dues of an open load, by index. Kept in long double (64 bits of mantissa on x86-64), so that
/// the sum of a billion gaps is still right to the nanosecond.
class Arrivals {
 public:
  Arrivals(const Load& load, std::uint64_t seed) : load_(load), seed_(seed) {}

  /// The dues are asked for in order of `index`, from 0.
  Nanos due(std::uint64_t index) {
    const long double seconds = load_.shape == LoadShape::constant
                                    ? index / static_cast<long double>(load_.rate)
                                    : poisson(index);
    const long double ns = std::round(seconds * ns_per_second);
    if (!(ns <= static_cast<long double>(latest_due.count())))
      throw std::invalid_argument("the last arrival would be more than a year away");
    return Nanos{static_cast<std::int64_t>(ns)};
  }

 private:
  long double poisson(std::uint64_t index) {
    const long double u = uniform01(seed_, index, Stream::arrival);
    return sum_ -= std::log1p(-u) / load_.rate;
  }

  const Load& load_;
  const std::uint64_t seed_;
  long double sum_ = 0;
};

std::vector<Arrival> open_arrivals(const Load& load, std::uint64_t seed) {
  std::vector<Arrival> arrivals;
  Arrivals source(load, seed);
  while (load.sessions == 0 || arrivals.size() < load.sessions) {
    const Nanos due = source.due(arrivals.size());
    if (load.duration > Nanos{0} && due >= load.duration) break;
    arrivals.push_back({.due = due});
  }
  check_session_count(static_cast<double>(arrivals.size()));
  return arrivals;
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
  check(load);
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
  return schedule;
}

}  // namespace atonce
