/// The JSON of Google Benchmark.

#include <gmock/gmock.h>
#include <unistd.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "reports/report.h"
#include "tests/reports/sample_parts.h"
#include "tests/reports/sample_results.h"

namespace atonce {
namespace {

using nlohmann::json;
using testing::HasSubstr;

json written(const ResultSet& results) {
  const auto dir =
      std::filesystem::path(testing::TempDir()) / ("atonce_gbench_" + std::to_string(::getpid()));
  write_reports(results, dir, {"gbench"});
  const json document = json::parse(std::ifstream(dir / "benchmark.json"));
  std::filesystem::remove_all(dir);
  return document;
}

/// Five repetitions: 100, 110 and 120 ms, one that is INVALID, and one of which no call went well.
ResultSet five_repetitions() {
  auto results = sample_header("five", "Five repetitions.");
  for (unsigned i = 0; i < 5; ++i) {
    const TrialKey key{.runner = "curl_multi", .transport = {}, .cap = 20, .repetition = i};
    results.trials.push_back(bare_trial(key, 50, from_ms(100 + 10 * i)));
    results.trials.back().usage.cpu_user = {};
  }
  results.trials[3].verdict.reasons = {{VerdictLevel::invalid, "not_conserved", "lost some"}};
  std::swap(results.trials[4].ledger.calls[index(Outcome::ok)],
            results.trials[4].ledger.calls[index(Outcome::reset)]);
  return results;
}

json entry_named(const json& document, const std::string& name) {
  for (const json& entry : document["benchmarks"])
    if (entry["name"] == name) return entry;
  return {};
}

TEST(GoogleBenchmark, aggregates_are_those_of_the_repetitions_without_an_error) {
  const json document = written(five_repetitions());
  const std::string name = "five/curl_multi/cap:20";
  const auto time = [&](const char* aggregate) {
    return entry_named(document, name + aggregate)["real_time"].get<double>();
  };
  EXPECT_DOUBLE_EQ(time("_mean"), 110e6);
  EXPECT_DOUBLE_EQ(time("_median"), 110e6);
  EXPECT_DOUBLE_EQ(time("_stddev"), 10e6);
  EXPECT_DOUBLE_EQ(time("_cv"), 1.0 / 11);
  EXPECT_EQ(entry_named(document, name + "_mean")["iterations"], 3);
  EXPECT_EQ(entry_named(document, name + "_mean")["repetitions"], 5);
  EXPECT_EQ(entry_named(document, name + "_cv")["cpu_time"], 0) << "no quotient of two zeros";
}

TEST(GoogleBenchmark, what_is_not_to_be_compared_is_an_error) {
  const json entries = written(five_repetitions())["benchmarks"];
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(entries[i]["repetition_index"], i);
    EXPECT_EQ(entries[i].contains("error_occurred"), i >= 3);
  }
  EXPECT_EQ(entries[3]["error_message"], "INVALID: not_conserved");
  EXPECT_EQ(entries[4]["error_message"], "no call ended well");
  EXPECT_EQ(entries[0]["label"], "makespan, VALID");
}

TEST(GoogleBenchmark, every_configuration_is_a_family_and_every_number_a_number) {
  for (const auto& results : all_samples()) {
    std::set<std::pair<std::size_t, std::string>> families;
    const json document = written(results);
    for (const json& entry : document["benchmarks"]) {
      families.emplace(entry["family_index"], entry["run_name"]);
      for (const auto& [key, value] : entry.items()) EXPECT_FALSE(value.is_null()) << key;
    }
    std::size_t number = 0;
    for (const auto& [index, name] : families) EXPECT_EQ(index, number++) << name;
  }
}

TEST(GoogleBenchmark, the_context_has_what_strict_readers_want) {
  auto results = five_repetitions();
  results.environment = {{"cores", "12 (0, 1)"}, {"build", "Release -O3"}};
  const json context = written(results)["context"];
  EXPECT_EQ(context["num_cpus"], 12);
  EXPECT_EQ(context["library_build_type"], "release");
  for (const auto* key : {"date", "host_name", "executable", "mhz_per_cpu", "cpu_scaling_enabled",
                          "caches", "load_avg"})
    EXPECT_TRUE(context.contains(key)) << key;
}

}  // namespace
}  // namespace atonce
