#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "core/units.h"
#include "reports/escape.h"
#include "reports/names.h"
#include "reports/report.h"

namespace atonce {
namespace {

std::string xml(std::string_view text) {
  return escape_html(printable_line(text));
}

std::string property(std::string_view key, std::string_view value) {
  return fmt::format("<property name=\"{}\" value=\"{}\"/>\n", xml(key), xml(value));
}

std::string name_of(const TrialKey& key) {
  std::string name = key.runner;
  if (!key.transport.empty()) name += "/" + key.transport;
  if (!key.variant.empty()) name += " (" + key.variant + ")";
  return fmt::format("{} cap {} repetition {}", name, format_limit(key.cap), key.repetition);
}

enum class Result : unsigned char { passed, skipped, failed };

Result result_of(const TrialResult& trial, bool strict) {
  const auto level = trial.verdict.level();
  if (trial.status == TrialStatus::crashed || level == VerdictLevel::invalid) return Result::failed;
  if (level == VerdictLevel::valid) return Result::passed;
  return strict ? Result::failed : Result::skipped;
}

std::string properties_of(const TrialResult& trial) {
  std::string out = "<properties>\n";
  const auto add = [&](std::string_view key, std::string_view value) {
    out += property(key, value);
  };
  const auto add_number = [&](std::string_view key, std::optional<double> value) {
    if (value) add(key, fmt::format("{}", *value));
  };
  const auto& response = trial.metric(Metric::response_time).ok;
  add("verdict", name(trial.verdict.level()));
  add("status", status_name(trial.status));
  add("calls_ok", fmt::to_string(calls_ok(trial)));
  add("calls_failed", fmt::to_string(calls_failed(trial)));
  add("makespan_ns", fmt::to_string(trial.makespan.count()));
  add_number("efficiency", efficiency(trial));
  add_number("calls_per_s", throughput(trial));
  if (!response.empty()) {
    add("response_time_p50_ns", fmt::to_string(response.quantile(0.5).count()));
    add("response_time_p99_ns", fmt::to_string(response.quantile(0.99).count()));
  }
  return out + "</properties>\n";
}

/// A verdict without reasons has nothing to say; a crash that was not judged has its error.
std::string reasons_of(const TrialResult& trial, std::string_view element) {
  auto reasons = trial.verdict.reasons;
  if (reasons.empty()) reasons.push_back({VerdictLevel::invalid, "crashed", trial.error});
  std::ranges::stable_sort(reasons, std::ranges::greater{}, &VerdictReason::level);
  const auto& worst = reasons.front();
  std::string text;
  for (const auto& reason : reasons)
    fmt::format_to(std::back_inserter(text), "{} {}: {}\n", name(reason.level), xml(reason.code),
                   xml(reason.message));
  return fmt::format("<{0} type=\"{1}\" message=\"{2} {1}: {3}\">{4}</{0}>\n", element,
                     xml(worst.code), name(worst.level), xml(worst.message), text);
}

std::string case_of(const ResultSet& results, const TrialResult& trial) {
  auto out = fmt::format("<testcase classname=\"atonce.{}\" name=\"{}\" time=\"{:.3f}\">\n",
                         xml(results.scenario), xml(name_of(trial.key)),
                         std::chrono::duration<double>(trial.usage.wall).count());
  out += properties_of(trial);
  const auto result = result_of(trial, results.strict);
  if (result == Result::failed) out += reasons_of(trial, "failure");
  if (result == Result::skipped) out += reasons_of(trial, "skipped");
  return out + "</testcase>\n";
}

std::string suite_of(const ResultSet& results) {
  const auto count = [&](Result wanted) {
    return std::ranges::count_if(results.trials, [&](const TrialResult& trial) {
      return result_of(trial, results.strict) == wanted;
    });
  };
  Nanos wall{};
  for (const auto& trial : results.trials) wall += trial.usage.wall;
  auto out = fmt::format(
      "<testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\" "
      "time=\"{:.3f}\">\n<properties>\n",
      xml(results.scenario), results.trials.size(), count(Result::failed), count(Result::skipped),
      std::chrono::duration<double>(wall).count());
  out += property("target", results.target) + property("created", results.created);
  out += property("seed", fmt::to_string(results.seed));
  out += property("time_scale", fmt::format("{}", results.time_scale));
  out += property("planned_trials", fmt::to_string(results.planned_trials));
  for (const auto& [key, value] : results.environment) out += property(key, value);
  out += "</properties>\n";
  for (const auto& trial : results.trials) out += case_of(results, trial);
  return out + "</testsuite>\n";
}

void write(const ResultSet& results, const std::filesystem::path& dir) {
  write_whole(dir / "junit.xml", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n" +
                                     suite_of(results) + "</testsuites>\n");
}

}  // namespace

extern const ReportWriter junit_writer;
const ReportWriter junit_writer{
    .name = "junit",
    .summary = "junit.xml: a test case per trial, for CI; INVALID has failed, SUSPECT is skipped",
    .write = write};

}  // namespace atonce
