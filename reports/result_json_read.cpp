#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "reports/histogram_json.h"
#include "reports/lanes_json.h"
#include "reports/names.h"
#include "reports/result_json.h"
#include "reports/series_json.h"

namespace atonce {
namespace {

Nanos nanos(const JsonField& field) {
  return Nanos{field.whole<std::int64_t>()};
}

/// Reads a word of a closed set.
template <class Enum>
Enum word(const JsonField& field, std::optional<Enum> (*from_name)(std::string_view),
          std::string_view expected) {
  if (const auto value = from_name(field.text())) return *value;
  field.reject(expected);
}

PerOutcome<std::uint64_t> read_outcomes(const JsonField& field) {
  PerOutcome<std::uint64_t> counts{};
  for (const auto& [key, value] : field.entries()) {
    const auto outcome = outcome_from_name(key);
    if (!outcome) value.reject("the name of an outcome");
    counts[index(*outcome)] = value.whole<std::uint64_t>();
  }
  return counts;
}

void read_metrics(const JsonField& field, std::array<MetricPair, metric_count>& metrics) {
  for (const auto& [key, entry] : field.entries()) {
    const auto metric = metric_from_name(key);
    if (!metric) entry.reject("the name of a metric");
    auto& pair = metrics[index(*metric)];
    if (const auto ok = entry.find("ok")) pair.ok = histogram_from_json(*ok);
    if (const auto failed = entry.find("failed")) pair.failed = histogram_from_json(*failed);
  }
}

std::vector<InFlightPoint> read_in_flight(const JsonField& field) {
  std::vector<InFlightPoint> points;
  for (const auto& item : field.items()) {
    const auto pair = item.items();
    if (pair.size() != 2) item.reject("a pair [nanoseconds, count]");
    points.push_back({nanos(pair[0]), pair[1].whole<std::uint32_t>()});
  }
  return points;
}

Usage read_usage(const JsonField& field) {
  return {.cpu_user = nanos(field.at("cpu_user_ns")),
          .cpu_system = nanos(field.at("cpu_system_ns")),
          .wall = nanos(field.at("wall_ns")),
          .cores = field.at("cores").whole<std::size_t>(),
          .voluntary_switches = field.at("voluntary_switches").whole<std::uint64_t>(),
          .involuntary_switches = field.at("involuntary_switches").whole<std::uint64_t>(),
          .memory_before = field.at("memory_before_bytes").whole<std::uint64_t>(),
          .memory_peak = field.at("memory_peak_bytes").whole<std::uint64_t>()};
}

ServerWitness read_server(const JsonField& field) {
  return {.attempts = field.at("attempts").whole<std::uint64_t>(),
          .peak_in_flight = field.at("peak_in_flight").whole<std::size_t>(),
          .open_connections = field.at("open_connections").whole<std::size_t>(),
          .distinct_connections = field.at("distinct_connections").whole<std::uint64_t>(),
          .aborted = field.at("aborted").whole<std::uint64_t>(),
          .faulted = field.at("faulted").whole<std::uint64_t>(),
          .rate_limited = field.at("rate_limited").whole<std::uint64_t>(),
          .retry_after_violations = field.at("retry_after_violations").whole<std::uint64_t>(),
          .banned = field.at("banned").whole<std::uint64_t>()};
}

Arrivals read_arrivals(const JsonField& field) {
  return {.due = field.at("due").whole<std::uint64_t>(),
          .sent = field.at("sent").whole<std::uint64_t>(),
          .last_due = nanos(field.at("last_due_ns")),
          .last_sent = nanos(field.at("last_sent_ns")),
          .steady = field.at("steady").flag()};
}

WarmUpShare read_warm_up(const JsonField& field) {
  return {.counts = {.calls = field.at("calls").whole<std::uint64_t>(),
                     .calls_ok = field.at("calls_ok").whole<std::uint64_t>(),
                     .attempts = field.at("attempts").whole<std::uint64_t>()},
          .until = nanos(field.at("until_ns"))};
}

Occupancy read_occupancy(const JsonField& field) {
  return {.handed_out = nanos(field.at("handed_out_ns")), .sampled = nanos(field.at("sampled_ns"))};
}

std::vector<Nanos> read_course(const JsonField& field) {
  std::vector<Nanos> course;
  for (const auto& value : field.items()) course.emplace_back(value.whole<std::int64_t>());
  return course;
}

HeadRoom read_head_room(const JsonField& field) {
  return {.files = field.at("files").whole<std::size_t>(),
          .files_limit = field.at("files_limit").whole<std::size_t>(),
          .connections = field.at("connections").whole<std::uint64_t>(),
          .ports = field.at("ports").whole<std::uint64_t>()};
}

Verdict read_verdict(const JsonField& field) {
  Verdict verdict;
  for (const auto& reason : field.at("reasons").items())
    verdict.reasons.push_back(
        {word(reason.at("level"), level_from_name, "VALID, SUSPECT or INVALID"),
         reason.at("code").text(), reason.at("message").text()});
  return verdict;
}

TrialKey read_key(const JsonField& field) {
  return {.runner = field.at("runner").text(),
          .transport = field.at("transport").text(),
          .cap = field.at("cap").limit(),
          .connections = field.at("connections").limit(),
          .threads = field.at("threads").whole<std::size_t>(),
          .repetition = field.at("repetition").whole<unsigned>(),
          .variant = field.at("variant").text()};
}

TrialResult read_trial(const JsonField& field) {
  TrialResult trial;
  trial.key = read_key(field);
  trial.status =
      word(field.at("status"), status_from_name, "\"finished\", \"interrupted\" or \"crashed\"");
  trial.error = field.at("error").text();
  trial.verdict = read_verdict(field.at("verdict"));
  trial.ledger = {field.at("scheduled").whole<std::uint64_t>(), read_outcomes(field.at("calls"))};
  trial.attempts = field.at("attempts").whole<std::uint64_t>();
  trial.attempt_outcomes = read_outcomes(field.at("attempt_outcomes"));
  trial.sessions_ok = field.at("sessions_ok").whole<std::uint64_t>();
  trial.sessions_failed = field.at("sessions_failed").whole<std::uint64_t>();
  trial.reused_connections = field.at("reused_connections").whole<std::uint64_t>();
  trial.raw_overflowed = field.at("raw_overflowed").flag();
  trial.events = field.at("events").whole<std::uint64_t>();
  trial.tokens = field.at("tokens").whole<std::uint64_t>();
  trial.makespan = nanos(field.at("makespan_ns"));
  if (const auto ideal = field.at("ideal_makespan_ns"); !ideal.is_null())
    trial.ideal_makespan = nanos(ideal);
  trial.peak_in_flight = field.at("peak_in_flight").whole<std::size_t>();
  trial.arrivals = read_arrivals(field.at("arrivals"));
  trial.warm_up = read_warm_up(field.at("warm_up"));
  trial.occupancy = read_occupancy(field.at("occupancy"));
  trial.head_room = read_head_room(field.at("head_room"));
  trial.shares_cores = field.at("shares_cores").flag();
  trial.usage = read_usage(field.at("usage"));
  if (const auto server = field.at("server"); !server.is_null()) trial.server = read_server(server);
  trial.in_flight = read_in_flight(field.at("in_flight"));
  trial.course = read_course(field.at("course_ns"));
  trial.series = series_from_json(field.at("series"));
  trial.lanes = lanes_from_json(field.at("lanes"));
  read_metrics(field.at("metrics"), trial.metrics);
  return trial;
}

ResultSet read_header(const JsonField& field) {
  ResultSet results;
  results.scenario = field.at("scenario").text();
  results.summary = field.at("summary").text();
  results.scenario_text = field.at("scenario_text").text();
  results.shape = word(field.at("shape"), shape_from_name,
                       "batch, closed, constant, poisson, gamma, jitter or trace");
  results.seed = field.at("seed").whole<std::uint64_t>();
  results.time_scale = field.at("time_scale").number();
  for (const auto& call : field.at("calls").items())
    results.calls.push_back({call.at("stage").text(), call.at("request").text()});
  results.target = field.at("target").text();
  results.created = field.at("created").text();
  results.interrupted = field.at("interrupted").flag();
  results.strict = field.at("strict").flag();
  results.planned_trials = field.at("planned_trials").whole<std::size_t>();
  for (const auto& item : field.at("environment").items()) {
    const auto pair = item.items();
    if (pair.size() != 2) item.reject("a pair [name, value]");
    results.environment.emplace_back(pair[0].text(), pair[1].text());
  }
  return results;
}

void check_schema(const JsonField& field) {
  const auto schema = field.text();
  if (schema == result_schema) return;
  if (schema.starts_with("atonce.result/"))
    throw std::runtime_error(
        fmt::format("written by another version of atonce (schema \"{}\"); this one reads \"{}\"",
                    schema, result_schema));
  field.reject(fmt::format("\"{}\"", result_schema));
}

}  // namespace

ResultSet result_from_json(std::string_view text) {
  const auto document = parse_json(text);
  const JsonField root(document);
  check_schema(root.at("schema"));
  auto results = read_header(root);
  for (const auto& trial : root.at("trials").items()) results.trials.push_back(read_trial(trial));
  return results;
}

ResultSet read_result(const std::filesystem::path& file) try {
  std::ifstream in(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  if (!in) throw std::runtime_error("cannot be read");
  return result_from_json(text);
} catch (const std::runtime_error& error) {
  throw std::runtime_error(fmt::format("{}: {}", file.string(), error.what()));
}

}  // namespace atonce
