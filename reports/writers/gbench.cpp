#include <fmt/format.h>

#include <algorithm>
#include <array>
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

/// What one repetition comes to: "real_time" and "cpu_time" in ns, and the counters.
using Numbers = std::map<std::string, double>;

std::string counter_name(Figure figure) {
  std::string name(entry(figure).header);
  std::ranges::replace(name, ' ', '_');
  return name + (entry(figure).unit == Unit::nanoseconds ? "_ns" : "");
}

/// A batch is timed by its makespan, any other load by the middle response time.
Numbers numbers_of(const TrialResult& trial, LoadShape shape) {
  const Figure time = shape == LoadShape::batch ? Figure::makespan : Figure::response_p50;
  Numbers numbers{{"real_time", entry(time).measure(trial).value_or(0)},
                  {"cpu_time", entry(Figure::cpu_per_call).measure(trial).value_or(0)}};
  for (const Figure figure : counters)
    if (const auto value = entry(figure).measure(trial)) numbers[counter_name(figure)] = *value;
  return numbers;
}

Json benchmark(const std::string& name, std::size_t repetitions) {
  return {{"name", name},
          {"family_index", 0},
          {"per_family_instance_index", 0},
          {"run_name", name},
          {"repetitions", repetitions}};
}

void add_numbers(Json& json, const Numbers& numbers) {
  json["real_time"] = numbers.at("real_time");
  json["cpu_time"] = numbers.at("cpu_time");
  json["time_unit"] = "ns";
  for (const auto& [name, value] : numbers)
    if (!json.contains(name)) json[name] = value;
}

Json iteration(const std::string& name, const Row& row, std::size_t number, LoadShape shape) {
  const TrialResult& trial = *row.trials[number];
  Json json = benchmark(name, row.trials.size());
  json["run_type"] = "iteration";
  json["repetition_index"] = number;
  json["threads"] = trial.key.threads;
  json["iterations"] = trial.ledger.scheduled;
  if (trial.status != TrialStatus::finished) {
    json["error_occurred"] = true;
    json["error_message"] =
        trial.error.empty() ? std::string("stopped before it was complete") : trial.error;
  }
  add_numbers(json, numbers_of(trial, shape));
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
        return standard_deviation(values) / mean(values);
      }}}};

void add_aggregates(Json& list, const std::string& name, const Row& row, LoadShape shape) {
  std::map<std::string, std::vector<double>> values;
  for (const TrialResult* trial : row.trials)
    if (trial->status == TrialStatus::finished)
      for (const auto& [key, value] : numbers_of(*trial, shape)) values[key].push_back(value);
  if (values["real_time"].size() < 2) return;
  for (const Aggregate& aggregate : aggregates) {
    Json json = benchmark(name, row.trials.size());
    json["name"] = name + "_" + aggregate.name;
    json["run_type"] = "aggregate";
    json["threads"] = row.trials.front()->key.threads;
    json["aggregate_name"] = aggregate.name;
    json["aggregate_unit"] = aggregate.unit;
    json["iterations"] = row.finished;
    Numbers numbers;
    for (const auto& [key, of_key] : values)
      if (of_key.size() == row.finished) numbers[key] = aggregate.of(of_key);
    add_numbers(json, numbers);
    list.push_back(std::move(json));
  }
}

Json context(const ResultSet& results) {
  Json json{{"date", results.created},      {"executable", "atonce"},
            {"scenario", results.scenario}, {"target", results.target},
            {"seed", results.seed},         {"time_scale", results.time_scale},
            {"caches", Json::array()}};
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
  for (const Row& row : comparison.rows) {
    const std::string name = benchmark_name(comparison, row);
    for (std::size_t i = 0; i < row.trials.size(); ++i)
      list.push_back(iteration(name, row, i, results.shape));
    add_aggregates(list, name, row, results.shape);
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
