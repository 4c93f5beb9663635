#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>
#include <string>
#include <vector>

#include "core/units.h"
#include "reports/comparison.h"
#include "reports/figures.h"
#include "reports/report.h"

namespace atonce {
namespace {

using Json = nlohmann::ordered_json;

/// What stands beside the times, as user counters do.
constexpr std::array counters{Figure::throughput,     Figure::efficiency,   Figure::response_p50,
                              Figure::response_p90,   Figure::response_p99, Figure::overhead_p50,
                              Figure::overhead_p99,   Figure::cpu_per_call, Figure::ttft_p50,
                              Figure::memory_per_call};

std::string codes(const Verdict& verdict) {
  std::vector<std::string_view> codes;
  for (const VerdictReason& reason : verdict.reasons) codes.push_back(reason.code);
  return fmt::format("{}", fmt::join(codes, " "));
}

/// What one repetition comes to: "real_time" and "cpu_time" in ns, and the counters.
using Numbers = std::map<std::string, double>;

std::string counter_name(Figure figure) {
  std::string name(entry(figure).header);
  std::ranges::replace(name, ' ', '_');
  return name + (entry(figure).unit == Unit::nanoseconds ? "_ns" : "");
}

/// A batch is timed by its makespan, any other load by the middle response time.
Figure timed_by(LoadShape shape) {
  return shape == LoadShape::batch ? Figure::makespan : Figure::response_p50;
}

/// Why the times of a trial are not to be compared; empty when they are. 0 ns would pass for fast.
std::string error_of(const TrialResult& trial, LoadShape shape) {
  if (trial.status == TrialStatus::crashed) return trial.error;
  if (trial.status == TrialStatus::interrupted) return "stopped before it was complete";
  if (calls_ok(trial) == 0 || !entry(timed_by(shape)).measure(trial)) return "no call ended well";
  if (trial.verdict.level() == VerdictLevel::invalid) return "INVALID: " + codes(trial.verdict);
  return {};
}

Numbers numbers_of(const TrialResult& trial, LoadShape shape) {
  Numbers numbers{{"real_time", entry(timed_by(shape)).measure(trial).value_or(0)},
                  {"cpu_time", entry(Figure::cpu_per_call).measure(trial).value_or(0)}};
  for (const Figure figure : counters)
    if (const auto value = entry(figure).measure(trial)) numbers[counter_name(figure)] = *value;
  return numbers;
}

/// One configuration: a family of benchmarks of its own.
struct Family {
  std::size_t number = 0;
  std::string name;
  const Row* row = nullptr;
  LoadShape shape = LoadShape::batch;
};

Json benchmark(const Family& family, const std::string& run_type) {
  return {{"name", family.name},
          {"family_index", family.number},
          {"per_family_instance_index", 0},
          {"run_name", family.name},
          {"run_type", run_type},
          {"repetitions", family.row->trials.size()}};
}

void add_numbers(Json& json, const Numbers& numbers) {
  json["real_time"] = numbers.at("real_time");
  json["cpu_time"] = numbers.at("cpu_time");
  json["time_unit"] = "ns";
  for (const auto& [name, value] : numbers)
    if (!json.contains(name)) json[name] = value;
}

/// What real_time is, and whether it may be believed.
std::string label(const Family& family, VerdictLevel level) {
  const std::string_view time = entry(timed_by(family.shape)).header;
  return fmt::format("{}, {}", time, name(level));
}

Json iteration(const Family& family, std::size_t number) {
  const TrialResult& trial = *family.row->trials[number];
  Json json = benchmark(family, "iteration");
  json["repetition_index"] = number;
  json["threads"] = trial.key.threads;
  json["iterations"] = trial.ledger.scheduled;
  const std::string error = error_of(trial, family.shape);
  if (!error.empty()) {
    json["error_occurred"] = true;
    json["error_message"] = error;
  }
  add_numbers(json, numbers_of(trial, family.shape));
  json["label"] = label(family, trial.verdict.level());
  return json;
}

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// Of a sample, as Google Benchmark has it.
double standard_deviation(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += (value - mean(values)) * (value - mean(values));
  return std::sqrt(sum / static_cast<double>(values.size() - 1));
}

struct Aggregate {
  const char* name;
  const char* unit;
  double (*of)(const std::vector<double>& values);
};

constexpr std::array<Aggregate, 4> aggregates{
    {{"mean", "time", mean},
     {"median", "time", [](const std::vector<double>& values) { return spread(values)->median; }},
     {"stddev", "time", standard_deviation},
     {"cv", "percentage", [](const std::vector<double>& values) {
        return mean(values) == 0 ? 0 : standard_deviation(values) / mean(values);
      }}}};

/// Of the repetitions without an error, where there are two at least.
void add_aggregates(Json& list, const Family& family) {
  std::map<std::string, std::vector<double>> values;
  for (const TrialResult* trial : family.row->trials)
    if (error_of(*trial, family.shape).empty())
      for (const auto& [key, value] : numbers_of(*trial, family.shape))
        values[key].push_back(value);
  const std::size_t repetitions = values["real_time"].size();
  if (repetitions < 2) return;
  for (const Aggregate& aggregate : aggregates) {
    Json json = benchmark(family, "aggregate");
    json["name"] = family.name + "_" + aggregate.name;
    json["threads"] = family.row->trials.front()->key.threads;
    json["aggregate_name"] = aggregate.name;
    json["aggregate_unit"] = aggregate.unit;
    json["iterations"] = repetitions;
    Numbers numbers;
    for (const auto& [key, of_key] : values)
      if (of_key.size() == repetitions) numbers[key] = aggregate.of(of_key);
    add_numbers(json, numbers);
    json["label"] = label(family, family.row->verdict);
    list.push_back(std::move(json));
  }
}

std::string_view environment(const ResultSet& results, std::string_view name) {
  for (const auto& [key, value] : results.environment)
    if (key == name) return value;
  return {};
}

/// "2 (0, 1)": the leading number; 0 where nothing is said.
unsigned cores_of(const ResultSet& results) {
  const auto text = environment(results, "cores");
  unsigned cores = 0;
  std::from_chars(text.data(), text.data() + text.size(), cores);
  return cores;
}

/// Strict readers want every key of Google Benchmark's: what a result does not know is 0 or empty.
Json context(const ResultSet& results) {
  Json json{{"date", results.created},
            {"host_name", ""},
            {"executable", "atonce"},
            {"num_cpus", cores_of(results)},
            {"mhz_per_cpu", 0},
            {"cpu_scaling_enabled", false},
            {"caches", Json::array()},
            {"load_avg", Json::array()},
            {"library_build_type",
             environment(results, "build").starts_with("Release") ? "release" : "debug"},
            {"scenario", results.scenario},
            {"target", results.target},
            {"seed", results.seed},
            {"time_scale", results.time_scale}};
  for (const auto& [name, value] : results.environment) json["environment: " + name] = value;
  return json;
}

std::string benchmark_name(const Comparison& comparison, const Row& row) {
  const Contender& contender = comparison.contender(row);
  std::string name = comparison.results->scenario + "/" + contender.runner;
  for (const std::string& part : {contender.transport, contender.variant})
    if (!part.empty()) name += "/" + part;
  return name + "/cap:" + format_limit(row.cap);
}

void write(const ResultSet& results, const std::filesystem::path& dir) {
  const Comparison comparison = compare(results);
  Json list = Json::array();
  for (std::size_t number = 0; number < comparison.rows.size(); ++number) {
    const Row& row = comparison.rows[number];
    const Family family{number, benchmark_name(comparison, row), &row, results.shape};
    for (std::size_t i = 0; i < row.trials.size(); ++i) list.push_back(iteration(family, i));
    add_aggregates(list, family);
  }
  const Json document{{"context", context(results)}, {"benchmarks", std::move(list)}};
  write_whole(dir / "benchmark.json",
              document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

}  // namespace

extern const ReportWriter gbench_writer;
const ReportWriter gbench_writer{
    .name = "gbench",
    .summary = "benchmark.json: as Google Benchmark writes it, for its compare.py and CI services",
    .write = write};

}  // namespace atonce
