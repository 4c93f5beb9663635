#include <fmt/format.h>

#include <iterator>
#include <nlohmann/json.hpp>

#include "reports/histogram_json.h"
#include "reports/interval_json.h"
#include "reports/lanes_json.h"
#include "reports/names.h"
#include "reports/result_json.h"
#include "reports/series_json.h"

namespace atonce {
namespace {

using Json = nlohmann::ordered_json;

Json limit_to_json(std::size_t value) {
  return value == unlimited ? Json("unlimited") : Json(value);
}

Json outcomes_to_json(const PerOutcome<std::uint64_t>& counts) {
  auto json = Json::object();
  for (std::size_t i = 0; i < outcome_count; ++i)
    if (counts[i] > 0) json[std::string(name(static_cast<Outcome>(i)))] = counts[i];
  return json;
}

Json metrics_to_json(const TrialResult& trial) {
  auto json = Json::object();
  for (std::size_t i = 0; i < metric_count; ++i) {
    const auto& pair = trial.metrics[i];
    auto entry = Json::object();
    if (!pair.ok.empty()) entry["ok"] = histogram_to_json(pair.ok);
    if (!pair.failed.empty()) entry["failed"] = histogram_to_json(pair.failed);
    if (!entry.empty()) json[std::string(name(static_cast<Metric>(i)))] = std::move(entry);
  }
  return json;
}

Json in_flight_to_json(const std::vector<InFlightPoint>& points) {
  auto json = Json::array();
  for (const auto& point : points) json.push_back({point.at.count(), point.in_flight});
  return json;
}

Json usage_to_json(const Usage& usage) {
  return {{"cpu_user_ns", usage.cpu_user.count()},
          {"cpu_system_ns", usage.cpu_system.count()},
          {"wall_ns", usage.wall.count()},
          {"cores", usage.cores},
          {"voluntary_switches", usage.voluntary_switches},
          {"involuntary_switches", usage.involuntary_switches},
          {"memory_before_bytes", usage.memory_before},
          {"memory_peak_bytes", usage.memory_peak}};
}

Json server_to_json(const std::optional<ServerWitness>& server) {
  if (!server) return nullptr;
  return {{"attempts", server->attempts},
          {"peak_in_flight", server->peak_in_flight},
          {"open_connections", server->open_connections},
          {"distinct_connections", server->distinct_connections},
          {"aborted", server->aborted},
          {"faulted", server->faulted},
          {"rate_limited", server->rate_limited},
          {"retry_after_violations", server->retry_after_violations},
          {"banned", server->banned}};
}

Json arrivals_to_json(const Arrivals& arrivals) {
  return {{"due", arrivals.due},
          {"sent", arrivals.sent},
          {"last_due_ns", arrivals.last_due.count()},
          {"last_sent_ns", arrivals.last_sent.count()},
          {"steady", arrivals.steady}};
}

Json warm_up_to_json(const WarmUpShare& warm_up) {
  return {{"calls", warm_up.counts.calls},
          {"calls_ok", warm_up.counts.calls_ok},
          {"attempts", warm_up.counts.attempts},
          {"until_ns", warm_up.until.count()}};
}

Json course_to_json(const std::vector<Nanos>& course) {
  auto list = Json::array();
  for (const Nanos value : course) list.push_back(value.count());
  return list;
}

Json head_room_to_json(const HeadRoom& head_room) {
  return {{"files", head_room.files},
          {"files_limit", head_room.files_limit},
          {"connections", head_room.connections},
          {"ports", head_room.ports}};
}

Json verdict_to_json(const Verdict& verdict) {
  auto reasons = Json::array();
  for (const auto& reason : verdict.reasons)
    reasons.push_back(
        {{"level", name(reason.level)}, {"code", reason.code}, {"message", reason.message}});
  return {{"level", name(verdict.level())}, {"reasons", std::move(reasons)}};
}

template <class T>
Json number_or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json nanos_or_null(std::optional<Nanos> value) {
  return value ? Json(value->count()) : Json(nullptr);
}

Json derived_to_json(const TrialResult& trial) {
  return {{"calls_ok", calls_ok(trial)},
          {"calls_failed", calls_failed(trial)},
          {"efficiency", number_or_null(efficiency(trial))},
          {"throughput_per_s", number_or_null(throughput(trial))},
          {"achieved_rate", number_or_null(achieved_rate(trial))},
          {"little_residual", number_or_null(little_residual(trial))},
          {"tokens_per_s", number_or_null(token_rate(trial))},
          {"retry_amplification", number_or_null(retry_amplification(trial))},
          {"cpu_per_call_ns", nanos_or_null(cpu_per_call(trial))},
          {"memory_per_call_bytes", number_or_null(memory_per_call(trial))},
          {"intervals", intervals_to_json(trial)}};
}

Json trial_to_json(const TrialResult& trial) {
  const auto& key = trial.key;
  return {{"runner", key.runner},
          {"transport", key.transport},
          {"variant", key.variant},
          {"cap", limit_to_json(key.cap)},
          {"connections", limit_to_json(key.connections)},
          {"threads", key.threads},
          {"repetition", key.repetition},
          {"status", status_name(trial.status)},
          {"error", trial.error},
          {"verdict", verdict_to_json(trial.verdict)},
          {"derived", derived_to_json(trial)},
          {"scheduled", trial.ledger.scheduled},
          {"calls", outcomes_to_json(trial.ledger.calls)},
          {"attempts", trial.attempts},
          {"attempt_outcomes", outcomes_to_json(trial.attempt_outcomes)},
          {"sessions_ok", trial.sessions_ok},
          {"sessions_failed", trial.sessions_failed},
          {"reused_connections", trial.reused_connections},
          {"raw_overflowed", trial.raw_overflowed},
          {"events", trial.events},
          {"tokens", trial.tokens},
          {"makespan_ns", trial.makespan.count()},
          {"ideal_makespan_ns", nanos_or_null(trial.ideal_makespan)},
          {"peak_in_flight", trial.peak_in_flight},
          {"arrivals", arrivals_to_json(trial.arrivals)},
          {"warm_up", warm_up_to_json(trial.warm_up)},
          {"occupancy",
           {{"handed_out_ns", trial.occupancy.handed_out.count()},
            {"sampled_ns", trial.occupancy.sampled.count()}}},
          {"head_room", head_room_to_json(trial.head_room)},
          {"shares_cores", trial.shares_cores},
          {"usage", usage_to_json(trial.usage)},
          {"server", server_to_json(trial.server)},
          {"in_flight", in_flight_to_json(trial.in_flight)},
          {"course_ns", course_to_json(trial.course)},
          {"series", series_to_json(trial.series)},
          {"lanes", lanes_to_json(trial.lanes)},
          {"metrics", metrics_to_json(trial)}};
}

Json calls_to_json(const std::vector<PlannedCall>& calls) {
  auto json = Json::array();
  for (const auto& call : calls) json.push_back({{"stage", call.stage}, {"request", call.request}});
  return json;
}

Json header_to_json(const ResultSet& results) {
  auto environment = Json::array();
  for (const auto& [key, value] : results.environment)
    environment.push_back(Json::array({key, value}));
  return {{"schema", result_schema},
          {"scenario", results.scenario},
          {"summary", results.summary},
          {"scenario_text", results.scenario_text},
          {"shape", shape_name(results.shape)},
          {"seed", results.seed},
          {"time_scale", results.time_scale},
          {"calls", calls_to_json(results.calls)},
          {"target", results.target},
          {"created", results.created},
          {"interrupted", results.interrupted},
          {"strict", results.strict},
          {"planned_trials", results.planned_trials},
          {"environment", std::move(environment)}};
}

std::string line(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

std::string to_json(const ResultSet& results) {
  std::string text = "{\n";
  const auto header = header_to_json(results);
  for (const auto& [key, value] : header.items())
    fmt::format_to(std::back_inserter(text), "\"{}\": {},\n", key, line(value));
  text += "\"trials\": [";
  for (std::size_t i = 0; i < results.trials.size(); ++i)
    text += (i == 0 ? "\n" : ",\n") + line(trial_to_json(results.trials[i]));
  return text + "\n]\n}\n";
}

}  // namespace atonce
