/// The main job, from the command line to the report.

#include <gmock/gmock.h>
#include <signal.h>

#include <fstream>
#include <set>
#include <thread>

#include "core/result.h"
#include "reports/result_json.h"
#include "tests/bench/command.h"
#include "tests/support/processes.h"

namespace atonce::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using namespace std::chrono_literals;

/// Ten short calls: every runner is through in a moment.
constexpr const char* quick = R"(name: quick
summary: Ten short calls.
load: {shape: batch, sessions: 10}
session: [{stage: ask, calls: [{request: GET /llm}]}]
limits: {caps: [4, unlimited], timeout: 20s}
server: {routes: [{path: /llm, latency: {uniform: [2ms, 6ms]}}]}
)";

/// Long enough to be interrupted.
constexpr const char* slow = R"(name: slow
summary: Calls that take their time.
load: {shape: batch, sessions: 2000}
session: [{stage: ask, calls: [{request: GET /llm}]}]
limits: {caps: [2], timeout: 20s}
server: {routes: [{path: /llm, latency: 20ms}]}
)";

std::string write(const Folder& folder, const char* text) {
  const std::string file = folder / "scenario.yaml";
  std::ofstream(file) << text;
  return file;
}

TEST(Run, plays_every_runner_and_leaves_all_reports) {
  const Folder folder;
  const Ended ended = run_atonce({"run", write(folder, quick), "--out", folder / "out"});
  ASSERT_EQ(ended.exit_code, 0) << ended.err << ended.out;
  EXPECT_THAT(ended.out, AllOf(HasSubstr("asio_coroutines"), HasSubstr("report.html")));
  EXPECT_THAT(ended.err, Not(HasSubstr("\x1b"))) << "no control codes where there is no terminal";

  const ResultSet results = read_result(folder / "out/result.json");
  EXPECT_EQ(results.trials.size(), results.planned_trials);
  EXPECT_FALSE(results.interrupted);
  for (const TrialResult& trial : results.trials) {
    SCOPED_TRACE(trial.key.runner);
    EXPECT_EQ(trial.status, TrialStatus::finished) << trial.error;
    EXPECT_EQ(calls_ok(trial), 10u);
    EXPECT_TRUE(trial.ledger.conserved());
    EXPECT_NE(trial.verdict.level(), VerdictLevel::invalid);
    if (trial.key.runner == "null") continue;
    ASSERT_TRUE(trial.server);
    EXPECT_EQ(trial.server->attempts, 10u);
    EXPECT_EQ(trial.server->open_connections, 0u);
    EXPECT_LE(trial.server->peak_in_flight, trial.key.cap);
    ASSERT_TRUE(trial.ideal_makespan);
    EXPECT_GE(trial.makespan, *trial.ideal_makespan) << "faster than the ideal";
    EXPECT_EQ(trial.metric(Metric::client_overhead).ok.count(), 10u);
  }
}

TEST(Run, plays_the_limits_asked_for_side_by_side) {
  const Folder folder;
  const Ended ended =
      run_atonce({"run", write(folder, quick), "--limit", "fixed,vegas", "--limit", "aimd", "--cap",
                  "4", "--runner", "asio_coroutines", "--out", folder / "out"});
  ASSERT_EQ(ended.exit_code, 0) << ended.err << ended.out;
  std::set<std::string> variants;
  for (const TrialResult& trial : read_result(folder / "out/result.json").trials) {
    variants.insert(trial.key.variant);
    EXPECT_EQ(calls_ok(trial), 10u);
    EXPECT_EQ(has_adaptive_limit(trial), trial.key.variant != "fixed");
    EXPECT_EQ(trial.ideal_makespan.has_value(), trial.key.variant == "fixed");
  }
  EXPECT_EQ(variants, (std::set<std::string>{"aimd", "fixed", "vegas"}));
}

TEST(Run, replays_a_trace_that_lies_beside_the_scenario) {
  const Folder folder;
  const std::string file = write(folder, R"(name: replay
summary: Three streams, as long as recorded.
load: {shape: trace, trace: {file: three.csv, time_scale: 0.01}}
session:
  - stage: chat
    calls:
      - request: POST /chat
        body: '{"model": "m", "stream": true, "max_tokens": ${output_tokens}, "messages": []}'
limits: {caps: [4], timeout: 20s}
server: {routes: [{path: /chat, llm: {api: openai, tokens: 1000}}]}
)");
  std::ofstream(folder / "three.csv") << "time,output_tokens\n10,5\n12,1\n11,30\n";
  const std::vector<std::string> command{"run",   file,          "--runner", "asio_coroutines",
                                         "--out", folder / "out"};
  const Ended ended = run_atonce(command);
  ASSERT_EQ(ended.exit_code, 0) << ended.err;
  const TrialResult trial = read_result(folder / "out/result.json").trials.at(0);
  EXPECT_EQ(calls_ok(trial), 3u);
  EXPECT_EQ(trial.tokens, 36u);
  EXPECT_GE(trial.makespan, 20ms);

  std::ofstream(folder / "three.csv", std::ios::app) << "13,many\n";
  const Ended refused = run_atonce(command);
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.err, HasSubstr((folder / "three.csv") + ":5: output_tokens: expected"));
}

TEST(Run, the_same_delays_are_drawn_for_every_runner) {
  const Folder folder;
  ASSERT_EQ(
      run_atonce({"run", write(folder, quick), "--out", folder / "out", "--cap", "4"}).exit_code,
      0);
  std::optional<Nanos> ideal;
  for (const TrialResult& trial : read_result(folder / "out/result.json").trials) {
    if (trial.key.cap != 4) continue;
    if (!ideal) ideal = trial.ideal_makespan;
    EXPECT_EQ(trial.ideal_makespan, ideal) << trial.key.runner;
  }
  EXPECT_TRUE(ideal);
}

TEST(Run, report_makes_the_same_bytes_again) {
  const Folder folder;
  ASSERT_EQ(run_atonce({"run", write(folder, quick), "--out", folder / "out", "--quiet"}).exit_code,
            0);
  const Ended ended = run_atonce({"report", folder / "out", "--out", folder / "again"});
  ASSERT_EQ(ended.exit_code, 0) << ended.err;
  std::size_t compared = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder / "out")) {
    if (!entry.is_regular_file()) continue;
    const auto twin = folder.path() / "again" / relative(entry.path(), folder.path() / "out");
    EXPECT_EQ(read_file(entry.path()), read_file(twin)) << entry.path();
    ++compared;
  }
  EXPECT_GE(compared, 8u);
}

TEST(Run, plays_against_a_url_and_a_refused_connection_is_a_result) {
  const Folder folder;
  const Ended ended = run_atonce({"run", write(folder, quick), "--url", "http://127.0.0.1:1",
                                  "--runner", "curl_multi", "--out", folder / "out"});
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  for (const TrialResult& trial : read_result(folder / "out/result.json").trials)
    EXPECT_EQ(trial.ledger.calls[index(Outcome::connect_refused)], 10u);
}

TEST(Run, an_interrupt_leaves_a_valid_report_of_what_was_done) {
  const Folder folder;
  Command command({"run", write(folder, slow), "--out", folder / "out"});
  ASSERT_TRUE(within(20s, [&] { return children_of(command.pid()).size() >= 2; }));
  std::this_thread::sleep_for(500ms);
  command.signal(SIGINT);
  const Ended ended = command.wait(30s);
  EXPECT_EQ(ended.exit_code, 130) << ended.err;
  const ResultSet results = read_result(folder / "out/result.json");
  EXPECT_TRUE(results.interrupted);
  ASSERT_FALSE(results.trials.empty());
  EXPECT_EQ(results.trials.back().status, TrialStatus::interrupted);
  EXPECT_TRUE(results.trials.back().ledger.conserved());
  EXPECT_THAT(read_file(folder / "out/report.html"), HasSubstr("interrupted"));
}

TEST(Run, a_killed_trial_costs_that_trial_only) {
  const Folder folder;
  Command command({"run", write(folder, slow), "--out", folder / "out", "--runner", "curl_multi",
                   "--runner", "null"});
  const auto trial_of = [&] {
    for (const int child : children_of(command.pid()))
      if (read_file("/proc/" + std::to_string(child) + "/cmdline").find("trial") !=
          std::string::npos)
        return child;
    return 0;
  };
  // The null runner's trial is over at once; the one that lasts is curl_multi's.
  int victim = 0;
  ASSERT_TRUE(within(20s, [&] {
    const int seen = trial_of();
    std::this_thread::sleep_for(300ms);
    victim = trial_of();
    return seen != 0 && seen == victim;
  }));
  kill(victim, SIGKILL);
  const Ended ended = command.wait(60s);
  EXPECT_EQ(ended.exit_code, 1) << ended.err;
  std::size_t crashed = 0, finished = 0;
  for (const TrialResult& trial : read_result(folder / "out/result.json").trials) {
    crashed += trial.status == TrialStatus::crashed;
    finished += trial.status == TrialStatus::finished;
    if (trial.status == TrialStatus::crashed) {
      EXPECT_THAT(trial.error, HasSubstr("signal 9"));
    }
  }
  EXPECT_EQ(crashed, 1u);
  EXPECT_EQ(finished, 1u);
}

TEST(Run, its_server_and_trials_die_with_it) {
  const Folder folder;
  Command command({"run", write(folder, slow), "--out", folder / "out"});
  std::vector<int> children;
  ASSERT_TRUE(within(20s, [&] {
    children = children_of(command.pid());
    return children.size() >= 2;
  }));
  command.signal(SIGKILL);
  EXPECT_EQ(command.wait().exit_code, 137);
  for (const int child : children)
    EXPECT_TRUE(within(10s, [&] { return !is_alive(child); })) << child;
}

}  // namespace
}  // namespace atonce::testing
