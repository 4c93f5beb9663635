#include "bench/trial_result.h"

#include "bench/course.h"
#include "bench/in_flight_series.h"
#include "bench/series.h"
#include "bench/session_figures.h"

namespace atonce {
namespace {

constexpr std::size_t most_points = 400;

Arrivals arrivals_of(const Schedule& schedule, bool steady, const Recorder& recorder) {
  if (schedule.closed) return {.steady = steady};
  if (schedule.arrivals.empty()) return {};
  return {.due = schedule.arrivals.size(),
          .sent = recorder.sent_sessions().count,
          .last_due = schedule.arrivals.back().due,
          .last_sent = recorder.sent_sessions().last,
          .steady = steady};
}

WarmUpShare warm_up_of(const Schedule& schedule, const Recorder& recorder, Instant start) {
  const bool any = schedule.warm_up.sessions > 0 || schedule.warm_up.span > Nanos{};
  return {.counts = recorder.warm_up(), .until = any ? recorder.measured_from() - start : Nanos{}};
}

TimeSeries series_of(const Schedule& schedule, const Played& played, const Recorder& recorder) {
  TimeSeries series = recorder.series();
  add_offered(series, schedule);
  add_cpu(series, played.cpu);
  return series;
}

}  // namespace

TrialResult result_of(const TrialKey& key, const Schedule& schedule, bool steady,
                      const Played& played, const Recorder& recorder) {
  TrialResult result;
  result.key = key;
  result.ledger = played.ledger;
  result.usage = played.usage;
  result.attempts = recorder.attempt_count();
  result.attempt_outcomes = recorder.attempt_outcomes();
  result.sessions_ok = recorder.sessions_ok();
  result.sessions_failed = recorder.sessions_failed();
  result.reused_connections = recorder.reused_connections();
  result.raw_overflowed = recorder.raw_overflowed();
  result.events = recorder.events();
  result.tokens = recorder.tokens();
  result.peak_in_flight = recorder.peak_in_flight();
  if (recorder.last_end() != unset) result.makespan = recorder.last_end() - played.start;
  for (std::size_t i = 0; i < metric_count; ++i)
    result.metrics[i] = recorder.metric(static_cast<Metric>(i));
  result.arrivals = arrivals_of(schedule, steady, recorder);
  if (result.arrivals.steady) result.course = course_of(recorder);
  result.warm_up = warm_up_of(schedule, recorder, played.start);
  result.occupancy = recorder.occupancy();
  result.head_room = played.head_room;
  result.series = series_of(schedule, played, recorder);
  result.in_flight = in_flight_series(recorder.attempts(), played.start, most_points);
  result.lanes = session_lanes(recorder);
  return result;
}

}  // namespace atonce
