#include <fmt/format.h>

#include <array>
#include <string>
#include <vector>

#include "core/percentile.h"
#include "core/units.h"
#include "reports/accounts.h"
#include "reports/confidence.h"
#include "reports/escape.h"
#include "reports/names.h"
#include "reports/report.h"

namespace atonce {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;  // header, value

std::string text(std::string_view value) {
  return csv_field(printable_line(value));
}

template <class T>
std::string number(const std::optional<T>& value) {
  return value ? fmt::format("{}", *value) : std::string();
}

std::string reasons(const Verdict& verdict) {
  std::vector<std::string> codes;
  for (const auto& reason : verdict.reasons) codes.push_back(reason.code);
  return text(fmt::format("{}", fmt::join(codes, " ")));
}

void add_identity(const TrialResult& trial, Fields& fields) {
  const auto& key = trial.key;
  fields.insert(fields.end(), {{"runner", text(key.runner)},
                               {"transport", text(key.transport)},
                               {"variant", text(key.variant)},
                               {"cap", format_limit(key.cap)},
                               {"connections", format_limit(key.connections)},
                               {"threads", fmt::to_string(key.threads)},
                               {"repetition", fmt::to_string(key.repetition)},
                               {"status", std::string(status_name(trial.status))},
                               {"verdict", std::string(name(trial.verdict.level()))},
                               {"reasons", reasons(trial.verdict)},
                               {"error", text(trial.error)}});
}

void add_figures(const TrialResult& trial, Fields& fields) {
  const auto ns = [](Nanos time) { return fmt::to_string(time.count()); };
  const auto optional_ns = [&](std::optional<Nanos> time) { return time ? ns(*time) : ""; };
  fields.insert(fields.end(), {{"calls", fmt::to_string(trial.ledger.scheduled)},
                               {"calls_ok", fmt::to_string(calls_ok(trial))},
                               {"calls_failed", fmt::to_string(calls_failed(trial))},
                               {"conservation", text(conservation(trial.ledger))},
                               {"attempts", fmt::to_string(trial.attempts)},
                               {"makespan_ns", ns(trial.makespan)},
                               {"ideal_makespan_ns", optional_ns(trial.ideal_makespan)},
                               {"events", fmt::to_string(trial.events)},
                               {"tokens", fmt::to_string(trial.tokens)},
                               {"tokens_per_s", number(token_rate(trial))},
                               {"retry_amplification", number(retry_amplification(trial))},
                               {"efficiency", number(efficiency(trial))},
                               {"calls_per_s", number(throughput(trial))},
                               {"peak_in_flight", fmt::to_string(trial.peak_in_flight)},
                               {"reused_connections", fmt::to_string(trial.reused_connections)},
                               {"cpu_user_ns", ns(trial.usage.cpu_user)},
                               {"cpu_system_ns", ns(trial.usage.cpu_system)},
                               {"cpu_per_call_ns", optional_ns(cpu_per_call(trial))},
                               {"memory_per_call_bytes", number(memory_per_call(trial))}});
}

/// The mock server's account; empty fields where another target was hit.
void add_server(const TrialResult& trial, Fields& fields) {
  const auto add = [&](std::string header, std::uint64_t ServerWitness::*count) {
    fields.emplace_back(std::move(header),
                        trial.server ? fmt::to_string((*trial.server).*count) : "");
  };
  add("server_attempts", &ServerWitness::attempts);
  add("server_aborted", &ServerWitness::aborted);
  add("server_faulted", &ServerWitness::faulted);
  add("server_rate_limited", &ServerWitness::rate_limited);
  add("server_retry_after_violations", &ServerWitness::retry_after_violations);
  add("server_banned", &ServerWitness::banned);
}

struct Percentile {
  std::string_view name;
  double p;
};
constexpr std::array<Percentile, 4> percentiles{
    {{"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"p999", 0.999}}};

void add_ends(std::string_view name, std::string_view unit, const std::optional<Interval>& interval,
              Fields& fields) {
  const auto end = [&](double Interval::*side) {
    return interval ? fmt::format("{:.12g}", (*interval).*side) : std::string();
  };
  fields.emplace_back(fmt::format("{}_low{}", name, unit), end(&Interval::low));
  fields.emplace_back(fmt::format("{}_high{}", name, unit), end(&Interval::high));
}

void add_metric(Metric metric, const TrialIntervals& intervals, Fields& fields) {
  const auto& histogram = intervals.trial().metric(metric).ok;
  const auto add = [&](std::string_view suffix, Nanos value) {
    fields.emplace_back(fmt::format("{}_{}_ns", name(metric), suffix),
                        histogram.empty() ? "" : fmt::to_string(value.count()));
  };
  fields.emplace_back(fmt::format("{}_samples", name(metric)), fmt::to_string(histogram.count()));
  for (const auto& [suffix, p] : percentiles) {
    add(suffix, histogram.quantile(p));
    const bool enough = histogram.count() >= samples_needed(p);
    add_ends(fmt::format("{}_{}", name(metric), suffix), "_ns",
             enough ? intervals.percentile(metric, p) : std::nullopt, fields);
  }
  add("max", histogram.max());
}

/// How the intervals of response time were made; those of all other metrics are by ranks.
std::string method_of(const TrialIntervals& intervals) {
  const auto interval = intervals.percentile(Metric::response_time, 0.5);
  return interval ? std::string(name(interval->method)) : std::string();
}

Fields fields_of(const TrialResult& trial) {
  Fields fields;
  add_identity(trial, fields);
  add_figures(trial, fields);
  add_server(trial, fields);
  const TrialIntervals intervals(trial);
  const auto rate = intervals.throughput();
  add_ends("calls_per_s", "", rate, fields);
  fields.emplace_back("response_time_interval", method_of(intervals));
  for (std::size_t i = 0; i < metric_count; ++i)
    add_metric(static_cast<Metric>(i), intervals, fields);
  return fields;
}

template <class Projection>
std::string line(const Fields& fields, Projection part) {
  std::string out;
  for (const auto& field : fields) out += (out.empty() ? "" : ",") + field.*part;
  return out + "\r\n";
}

void write(const ResultSet& results, const std::filesystem::path& dir) {
  using Field = Fields::value_type;
  auto out = line(fields_of(TrialResult{}), &Field::first);
  for (const auto& trial : results.trials) out += line(fields_of(trial), &Field::second);
  write_whole(dir / "results.csv", out);
}

}  // namespace

extern const ReportWriter csv_writer;
const ReportWriter csv_writer{
    .name = "csv", .summary = "results.csv: one line per trial, for a spreadsheet", .write = write};

}  // namespace atonce
