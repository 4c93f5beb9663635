/// What can be seen of a run while it goes on.

#include <gmock/gmock.h>
#include <signal.h>

#include <fstream>
#include <map>
#include <sstream>

#include "bench/http_get.h"
#include "reports/result_json.h"
#include "tests/bench/command.h"
#include "tests/support/silent_listener.h"

namespace atonce::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::StartsWith;
using namespace std::chrono_literals;

/// A second of calls, the first of them not measured.
constexpr const char* steady = R"(name: steady
summary: Calls for a second.
load: {shape: constant, rate: 200/s, duration: 1s, warm_up: 200ms}
session: [{stage: ask, calls: [{request: GET /llm}]}]
limits: {caps: [20], timeout: 20s}
server: {routes: [{path: /llm, latency: 5ms}]}
)";

std::string write(const Folder& folder, const char* text) {
  const std::string file = folder / "scenario.yaml";
  std::ofstream(file) << text;
  return file;
}

/// Value by "name{labels}". Every line is one that Prometheus' text format 0.0.4 allows, and every
/// family has its help and its type before its values.
std::map<std::string, double> parsed(const std::string& page) {
  const std::string pair = R"([a-z]+="([^"\\]|\\.)*")";
  const std::string value = "[a-z_]+(\\{" + pair + "(," + pair + ")*\\})? [0-9.e+-]+";
  std::map<std::string, double> values;
  std::string family;
  std::istringstream lines(page);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("# HELP ")) {
      EXPECT_THAT(line, MatchesRegex("# HELP [a-z_]+ .+"));
    } else if (line.starts_with("#")) {
      EXPECT_THAT(line, MatchesRegex("# TYPE [a-z_]+ (counter|gauge|histogram)"));
      family = line.substr(7, line.rfind(' ') - 7);
    } else {
      EXPECT_THAT(line, AllOf(MatchesRegex(value), StartsWith(family))) << "after " << family;
      const auto space = line.rfind(' ');
      EXPECT_TRUE(values.emplace(line.substr(0, space), std::stod(line.substr(space + 1))).second)
          << line << " twice";
    }
  }
  return values;
}

double sum_of(const std::map<std::string, double>& values, std::string_view name,
              std::string_view label = "") {
  double sum = 0;
  for (const auto& [key, value] : values)
    if (key.starts_with(name) && key.find(label) != std::string::npos) sum += value;
  return sum;
}

std::string address_in(const std::string& said) {
  const std::string before = "metrics: ";
  const auto begin = said.find(before + "http://127.0.0.1:");
  const auto end = said.find("/metrics\n", begin);
  if (begin == std::string::npos || end == std::string::npos) return "";
  return said.substr(begin + before.size(), end + 8 - begin - before.size());
}

TEST(MetricsPort, tells_of_a_run_while_it_goes_on_and_agrees_with_its_result) {
  const Folder folder;
  Command command({"run", write(folder, steady), "--runner", "curl_multi", "--runner",
                   "asio_coroutines", "--metrics-port", "0", "--format", "json", "--out",
                   folder / "out"});
  std::string url;
  ASSERT_TRUE(within(20s, [&] { return !(url = address_in(command.err_so_far())).empty(); }));

  std::map<std::string, double> first, last;
  const auto calls = [](const auto& page) { return sum_of(page, "atonce_calls_total"); };
  ASSERT_TRUE(within(20s, [&] { return calls(first = parsed(http_get(url))) > 0; }));
  // The second trial is under way: the first one's values are final.
  ASSERT_TRUE(within(20s, [&] {
    last = parsed(http_get(url));
    return last.at("atonce_trial_number") == 2 && calls(last) > 200;
  }));
  EXPECT_EQ(last.at("atonce_trials"), 2);
  EXPECT_GT(calls(last), calls(first));

  const Ended ended = command.wait();
  ASSERT_EQ(ended.exit_code, 0) << ended.err;
  const ResultSet results = read_result(folder / "out/result.json");
  const TrialResult& trial = results.trials.front();
  const std::string label = "runner=\"" + trial.key.runner + "\"";
  EXPECT_EQ(sum_of(last, "atonce_calls_total", label), static_cast<double>(trial.ledger.scheduled));
  EXPECT_EQ(sum_of(last, "atonce_attempts_total", label), static_cast<double>(trial.attempts));
  EXPECT_EQ(sum_of(last, "atonce_response_time_seconds_count", label),
            static_cast<double>(trial.ledger.scheduled));
  EXPECT_EQ(sum_of(last, "atonce_in_flight", label), 0);
}

TEST(MetricsPort, that_is_taken_is_told_before_anything_is_played) {
  const SilentListener listener;
  const Folder folder;
  const std::string url = listener.url();
  const std::string port = url.substr(url.rfind(':') + 1);
  const Ended ended =
      run_atonce({"run", write(folder, steady), "--metrics-port", port, "--out", folder / "out"});
  EXPECT_EQ(ended.exit_code, 2);
  EXPECT_THAT(ended.err, HasSubstr(port));
  EXPECT_FALSE(std::filesystem::exists(folder / "out/result.json"));
}

/// Lines of the file, without the heading, split at the commas.
std::vector<std::vector<std::string>> rows_of(const std::string& file, std::string& heading) {
  std::istringstream lines(read_file(file));
  std::getline(lines, heading);
  std::vector<std::vector<std::string>> rows;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream fields(line + ",");
    auto& row = rows.emplace_back();
    for (std::string field; std::getline(fields, field, ',');) row.push_back(field);
  }
  return rows;
}

TEST(CallsCsv, has_a_line_for_every_call_of_every_trial) {
  const Folder folder;
  const std::string file = folder / "calls.csv";
  const Ended ended =
      run_atonce({"run", write(folder, steady), "--runner", "curl_multi", "--runner", "thread_pool",
                  "--calls-csv", file, "--quiet", "--format", "json", "--out", folder / "out"});
  ASSERT_EQ(ended.exit_code, 0) << ended.err;
  std::string heading;
  const auto rows = rows_of(file, heading);
  EXPECT_TRUE(heading.starts_with("runner,transport,variant,cap,repetition,session,call"));
  for (const TrialResult& trial : read_result(folder / "out/result.json").trials) {
    std::uint64_t calls = 0, warm_up = 0;
    std::int64_t longest = 0;
    for (const auto& row : rows) {
      ASSERT_EQ(row.size(), 20u);
      if (row[0] != trial.key.runner) continue;
      ++calls;
      EXPECT_EQ(row[9], "ok");
      if (row[11] == "1") ++warm_up;
      if (row[11] == "0") longest = std::max(longest, std::int64_t{std::stoll(row[18])});
    }
    EXPECT_EQ(calls, trial.ledger.scheduled);
    EXPECT_EQ(warm_up, trial.warm_up.counts.calls);
    EXPECT_EQ(longest, trial.metric(Metric::response_time).ok.max().count());
  }
}

TEST(CallsCsv, an_interrupted_run_leaves_whole_lines_of_all_that_was_opened) {
  const Folder folder;
  const std::string file = folder / "calls.csv";
  Command command({"run", write(folder, steady), "--time-scale", "20", "--runner", "curl_multi",
                   "--calls-csv", file, "--quiet", "--format", "json", "--out", folder / "out"});
  ASSERT_TRUE(within(20s, [&] { return read_file(file).find(",ok,") != std::string::npos; }));
  command.signal(SIGINT);
  ASSERT_EQ(command.wait().exit_code, 130);
  EXPECT_TRUE(read_file(file).ends_with('\n'));
  std::string heading;
  const auto rows = rows_of(file, heading);
  const TrialResult trial = read_result(folder / "out/result.json").trials.front();
  const auto ok = std::ranges::count_if(rows, [](const auto& row) { return row[9] == "ok"; });
  EXPECT_EQ(static_cast<std::uint64_t>(ok), calls_ok(trial));
  EXPECT_LE(rows.size(), trial.ledger.scheduled);
}

TEST(CallsCsv, a_file_that_cannot_be_written_is_told_before_anything_is_played) {
  const Folder folder;
  const Ended ended = run_atonce({"run", write(folder, steady), "--calls-csv",
                                  folder / "none/calls.csv", "--out", folder / "out"});
  EXPECT_EQ(ended.exit_code, 2);
  EXPECT_THAT(ended.err, HasSubstr("cannot write to"));
  EXPECT_FALSE(std::filesystem::exists(folder / "out/result.json"));
}

TEST(CallsCsv, a_disk_that_is_full_from_the_start_is_told_too) {
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "no /dev/full";
  const Folder folder;
  const std::string link = folder / "calls.csv";
  std::filesystem::create_symlink("/dev/full", link);
  const Ended ended = run_atonce({"run", write(folder, steady), "--runner", "curl_multi",
                                  "--calls-csv", link, "--quiet", "--out", folder / "out"});
  EXPECT_EQ(ended.exit_code, 2) << "the heading is the first thing that does not fit";
  EXPECT_THAT(ended.err, HasSubstr("No space left"));
}

}  // namespace
}  // namespace atonce::testing
