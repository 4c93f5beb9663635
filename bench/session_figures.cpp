#include "bench/session_figures.h"

#include <algorithm>
#include <functional>
#include <map>
#include <numeric>
#include <optional>
#include <vector>

#include "core/metrics.h"

namespace atonce {
namespace {

using Lanes = std::map<std::uint32_t, std::vector<CallLane>>;  // by session

std::unordered_map<std::uint64_t, Instant> first_sends(const Recorder& recorder) {
  std::unordered_map<std::uint64_t, Instant> sends;
  for (const Sample& sample : recorder.attempts())
    if (sample.id.attempt == 0 && sample.at.sent != unset)
      sends.emplace(sample.id.packed(), sample.at.sent);
  return sends;
}

Lanes all_lanes(const Recorder& recorder) {
  const auto sends = first_sends(recorder);
  Lanes lanes;
  for (const CallRecord& call : recorder.calls()) {
    CallLane lane{.call = call.call,
                  .stage = call.stage,
                  .attempts = call.attempts,
                  .outcome = call.outcome,
                  .ready = since_due(call, call.ready),
                  .done = since_due(call, call.done),
                  .sent = {}};
    const AttemptId first{.session = call.session, .call = call.call};
    if (const auto sent = sends.find(first.packed()); sent != sends.end())
      lane.sent = since_due(call, sent->second);
    lanes[call.session].push_back(lane);
  }
  for (auto& [session, calls] : lanes) std::ranges::sort(calls, {}, &CallLane::call);
  return lanes;
}

Nanos session_end(const std::vector<CallLane>& calls) {
  return std::ranges::max(calls, {}, &CallLane::done).done;
}

template <class T, class Projection>
auto median_of(std::vector<T>& values, Projection projection) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>((values.size() - 1) / 2);
  std::ranges::nth_element(values, middle, {}, projection);
  return std::invoke(projection, *middle);
}

CallLane median_lane(std::vector<CallLane> lanes) {
  CallLane median = lanes.front();
  median.outcome = Outcome::ok;
  median.ready = median_of(lanes, &CallLane::ready);
  median.done = median_of(lanes, &CallLane::done);
  median.attempts = median_of(lanes, &CallLane::attempts);
  std::erase_if(lanes, [](const CallLane& lane) { return !lane.sent; });
  median.sent.reset();
  if (!lanes.empty()) median.sent = median_of(lanes, &CallLane::sent);
  return median;
}

/// The planned delays of every call of a session, all attempts together; nothing when one is not
/// known.
std::optional<std::vector<Nanos>> planned_delays(std::uint32_t session, std::size_t calls,
                                                 const ServerAccount& account) {
  std::vector<Nanos> delays(calls);
  for (std::size_t call = 0; call < calls; ++call) {
    AttemptId id{.session = session, .call = static_cast<std::uint16_t>(call)};
    auto found = account.attempts.find(id.packed());
    if (found == account.attempts.end()) return {};
    for (; found != account.attempts.end(); found = account.attempts.find(id.packed())) {
      delays[call] += found->second.planned;
      ++id.attempt;
    }
  }
  return delays;
}

Nanos critical_path(const SessionPlan& plan, const std::vector<Nanos>& delays) {
  std::vector<Nanos> stage_ends;
  std::size_t call = 0;
  for (const StagePlan& stage : plan.stages) {
    Nanos begin{};
    for (const std::uint16_t before : stage.after) begin = std::max(begin, stage_ends[before]);
    Nanos longest{};
    for (std::size_t i = 0; i < stage.calls.size(); ++i)
      longest = std::max(longest, delays[call++]);
    stage_ends.push_back(begin + longest);
  }
  return std::ranges::max(stage_ends);
}

}  // namespace

SessionLanes session_lanes(const Recorder& recorder) {
  const auto is_second = [](const CallRecord& call) { return call.call > 0; };
  if (std::ranges::none_of(recorder.calls(), is_second)) return {};
  const Lanes lanes = all_lanes(recorder);
  std::vector<std::pair<Nanos, std::uint32_t>> ends;
  std::map<std::uint16_t, std::vector<CallLane>> by_call;
  for (const auto& [session, calls] : lanes) {
    const bool went_well = std::ranges::all_of(
        calls, [](const CallLane& lane) { return lane.outcome == Outcome::ok; });
    if (calls.size() < 2 || !went_well) continue;
    ends.emplace_back(session_end(calls), session);
    for (const CallLane& lane : calls) by_call[lane.call].push_back(lane);
  }
  if (ends.empty()) return {};
  SessionLanes result;
  result.session = median_of(ends, [](const auto& end) { return end; }).second;
  result.example = lanes.at(result.session);
  for (auto& [call, all] : by_call) result.median.push_back(median_lane(std::move(all)));
  return result;
}

void add_session_plans(TrialResult& result, const ServerAccount& account,
                       const Schedule& schedule) {
  const std::uint64_t sessions = result.sessions_ok + result.sessions_failed;
  for (std::uint32_t session = 0; session < sessions; ++session) {
    const SessionPlan& plan = schedule.plan_of(session);
    if (plan.call_count() < 2) continue;
    const auto delays = planned_delays(session, plan.call_count(), account);
    if (!delays) continue;
    const auto record = [&](Metric metric, Nanos value) {
      result.metrics[index(metric)].ok.record(value);
    };
    record(Metric::session_sum, std::accumulate(delays->begin(), delays->end(), Nanos{}));
    record(Metric::session_longest, std::ranges::max(*delays));
    record(Metric::session_critical_path, critical_path(plan, *delays));
  }
}

}  // namespace atonce
