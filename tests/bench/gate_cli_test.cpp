/// `atonce gate` as a person starts it. Most arms are scripts that only claim to have called.

#include <gmock/gmock.h>
#include <signal.h>
#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/bench/command.h"

namespace atonce::testing {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* scenario = R"(name: quick
summary: Short calls.
load: {shape: poisson, rate: 200/s, duration: 1s}
session: [{stage: ask, calls: [{request: GET /llm}]}]
limits: {caps: [20], timeout: 5s}
server: {routes: [{path: /llm, latency: {uniform: [2ms, 6ms]}}]}
)";

/// A folder with a scenario and clients that answer at once.
class Gate : public ::testing::Test {
 protected:
  Gate() { write("quick.yaml", scenario); }

  std::string write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name) << text;
    return folder_ / name;
  }

  /// "client:PATH" of a script that claims a response time of `ns` for each of 200 calls.
  std::string client(const std::string& name, int ns, int errors = 0, const char* more = "") {
    const std::string path =
        write(name, "#!/bin/sh\ncat >/dev/null\n" + std::string(more) +
                        "echo '{\"calls\": 200, \"errors\": " + std::to_string(errors) +
                        ", \"wall_ns\": 1000000000, \"response_ns\": [" + times(ns) + "]}'\n");
    chmod(path.c_str(), 0700);
    return "client:" + path;
  }

  Ended gate(std::vector<std::string> more) { return Command(arguments(std::move(more))).wait(); }

  std::vector<std::string> arguments(std::vector<std::string> more) {
    std::vector<std::string> all{"gate",      "--format",      formats_,  folder_ / "quick.yaml",
                                 "--out",     folder_ / "out", "--slice", "100ms",
                                 "--warm-up", "20ms",          "--alpha", alpha_,
                                 "--beta",    alpha_};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }

  json stored() { return json::parse(read_file(folder_ / "out/gate.json")); }
  void store(const std::string& name, const json& document) { write(name, document.dump()); }

  Folder folder_;
  std::string alpha_ = "0.05", formats_ = "json";

 private:
  static std::string times(int ns) {
    std::string list;
    for (int i = 0; i < 100; ++i) list += (i > 0 ? "," : "") + std::to_string(ns);
    return list;
  }
};

TEST_F(Gate, the_same_passes_with_exit_code_0) {
  const std::string arm = client("a", 1'000'000);
  const Ended ended = gate({"--baseline", arm, "--candidate", arm});
  EXPECT_EQ(ended.exit_code, 0) << ended.err << ended.out;
  EXPECT_THAT(ended.out, AllOf(HasSubstr("PASS: no cell"), HasSubstr("Report: ")));
}

TEST_F(Gate, a_regression_fails_with_exit_code_1_and_leaves_all_documents) {
  formats_ = "json,html,md,junit,bmf,github,gbench";
  setenv("GITHUB_ACTIONS", "true", 1);
  const Ended ended =
      gate({"--baseline", client("a", 1'000'000), "--candidate", client("b", 1'600'000)});
  unsetenv("GITHUB_ACTIONS");
  ASSERT_EQ(ended.exit_code, 1) << ended.err << ended.out;
  EXPECT_THAT(ended.out, AllOf(HasSubstr("FAIL: worse by more than 3 %"), HasSubstr("+60 %"),
                               HasSubstr("::error title=atonce gate%3A quick::FAIL")));
  EXPECT_THAT(read_file(folder_ / "out/summary.md"),
              AllOf(HasSubstr("## FAIL"), HasSubstr("| response_p50 | 1.00 ms | 1.60 ms |")));
  EXPECT_THAT(read_file(folder_ / "out/junit.xml"),
              AllOf(HasSubstr("<failure message=\"response_p50: +60 %"), HasSubstr("tests=\"3\"")));
  EXPECT_THAT(read_file(folder_ / "out/gate.html"),
              AllOf(HasSubstr("When was it decided?"), Not(HasSubstr("{{"))));
  const json bmf = json::parse(read_file(folder_ / "out/bmf.json"));
  EXPECT_DOUBLE_EQ(bmf["quick"]["response_p50"]["value"].get<double>(), 1.6e6);
  const json list = json::parse(read_file(folder_ / "out/github-benchmark.json"));
  EXPECT_EQ(list[0]["name"], "quick/response_p50");
  const json benchmarks = json::parse(read_file(folder_ / "out/candidate.benchmark.json"));
  EXPECT_DOUBLE_EQ(benchmarks["benchmarks"][0]["real_time"].get<double>(), 1.6e6);
}

TEST_F(Gate, the_verdict_can_be_computed_again_from_gate_json) {
  gate({"--baseline", client("a", 1'000'000), "--candidate", client("b", 1'600'000)});
  const std::string before = read_file(folder_ / "out/gate.json");
  const Ended again = run_atonce({"gate", "--format", "json", "report", folder_ / "out"});
  EXPECT_EQ(again.exit_code, 1) << again.err;
  EXPECT_TRUE(read_file(folder_ / "out/gate.json") == before);

  json changed = stored();  // the pairs decide, not what is written beside them
  changed["verdict"]["answer"] = "PASS";
  store("out/gate.json", changed);
  EXPECT_EQ(run_atonce({"gate", "--format", "json", "report", folder_ / "out"}).exit_code, 1);
  changed["pairs"][0].erase("baseline");
  store("out/gate.json", changed);
  const Ended damaged = run_atonce({"gate", "--format", "json", "report", folder_ / "out"});
  EXPECT_EQ(damaged.exit_code, 2);
  EXPECT_THAT(damaged.err, HasSubstr("pairs[0]: the key \"baseline\" is missing"));
}

TEST_F(Gate, no_decision_within_the_budget_is_exit_code_3_unless_that_is_allowed) {
  const std::string arm = client("a", 1'000'000);
  const std::vector<std::string> few{"--baseline", arm, "--candidate", arm, "--pairs", "1"};
  const Ended ended = gate(few);
  EXPECT_EQ(ended.exit_code, 3);
  EXPECT_THAT(ended.out, HasSubstr("INCONCLUSIVE: the budget is used up"));
  auto allowed = few;
  allowed.insert(allowed.end(), {"--fail-on", "regression"});
  EXPECT_EQ(gate(allowed).exit_code, 0);
}

TEST_F(Gate, an_improvement_can_be_made_to_fail) {
  const std::vector<std::string> arms{"--baseline", client("a", 1'600'000), "--candidate",
                                      client("b", 1'000'000)};
  EXPECT_EQ(gate(arms).exit_code, 0);
  auto strict = arms;
  strict.insert(strict.end(), {"--fail-on", "regression,improvement"});
  EXPECT_EQ(gate(strict).exit_code, 1);
}

TEST_F(Gate, calls_that_fail_are_a_regression_of_the_candidate_and_a_failed_run_of_the_baseline) {
  const std::string good = client("a", 1'000'000), bad = client("b", 1'000'000, 20);
  const Ended candidate = gate({"--baseline", good, "--candidate", bad});
  EXPECT_EQ(candidate.exit_code, 1);
  EXPECT_THAT(candidate.out, HasSubstr("of the candidate's calls failed"));
  const Ended baseline = gate({"--baseline", bad, "--candidate", good});
  EXPECT_EQ(baseline.exit_code, 5);
  EXPECT_THAT(baseline.out, HasSubstr("of the baseline's calls failed"));
}

TEST_F(Gate, an_arm_that_breaks_is_exit_code_5_and_named) {
  const std::string good = client("a", 1'000'000);
  const Ended died = gate({"--baseline", good, "--candidate", client("b", 1, 0, "exit 7\n")});
  EXPECT_EQ(died.exit_code, 5);
  EXPECT_THAT(died.out, HasSubstr("exit code 7"));
  const Ended mumbled =
      gate({"--baseline", good, "--candidate", client("c", 1, 0, "echo() { :; }\n")});
  EXPECT_EQ(mumbled.exit_code, 5);
  EXPECT_THAT(mumbled.out, HasSubstr("something else than docs/gate.md asks for"));
}

TEST_F(Gate, a_wrong_command_line_is_exit_code_2_and_explained) {
  const std::vector<std::pair<std::vector<std::string>, const char*>> wrong{
      {{}, "--candidate is missing"},
      {{"--candidate", "this"}, "--baseline is missing"},
      {{"--baseline", "this", "--candidate", "build:/nowhere"}, "is not a program"},
      {{"--baseline", "this", "--candidate", "runnr=null"}, "the keys are: runner"},
      {{"--baseline", "this", "--candidate", "runner=fast"}, "there is no runner 'fast'"},
      {{"--baseline", "this", "--candidate", "cap=0"}, "whole number above 0"},
      {{"--baseline", "this", "--candidate", "http://example.com"}, "not on this machine"},
      {{"--baseline", "this", "--candidate", "this", "--cells", "p50"}, "the cells are"},
      {{"--baseline", "this", "--candidate", "this", "--tolerate", "0.1"}, "must be less"},
      {{"--baseline", "this", "--candidate", "this", "--fail-on", "luck"}, "got 'luck'"},
      {{"--against", "nowhere.json", "--candidate", "this"}, "cannot read nowhere.json"}};
  for (const auto& [arguments, message] : wrong) {
    const Ended ended = gate(arguments);
    EXPECT_EQ(ended.exit_code, 2) << message;
    EXPECT_THAT(ended.err, HasSubstr(message));
  }
}

TEST_F(Gate, a_stored_baseline_counts_only_in_the_same_environment) {
  const std::string same = client("a", 1'000'000), slow = client("b", 1'600'000);
  gate({"--baseline", same, "--candidate", same});
  const json document = stored();
  store("exact.json", document);
  const auto against = [&](const char* file, const std::string& arm) {
    return gate({"--against", folder_ / file, "--candidate", arm});
  };
  const Ended exact = against("exact.json", slow);
  EXPECT_EQ(exact.exit_code, 1) << exact.err << exact.out;
  EXPECT_THAT(exact.out, HasSubstr("The baseline was measured earlier"));

  json other = document;
  const auto set = [&](const char* key, const char* value) {
    for (json& fact : other["environment"])
      if (fact["name"] == key) fact["value"] = value;
  };
  set("kernel", "Linux 1.0");
  store("compatible.json", other);
  const Ended advisory = against("compatible.json", slow);
  EXPECT_EQ(advisory.exit_code, 3);
  EXPECT_THAT(advisory.out, AllOf(HasSubstr("INCONCLUSIVE (advisory)"), HasSubstr("suggests FAIL"),
                                  HasSubstr("kernel")));

  set("CPU", "Z80");
  store("foreign.json", other);
  const Ended foreign = against("foreign.json", slow);
  EXPECT_EQ(foreign.exit_code, 4);
  EXPECT_THAT(foreign.err, HasSubstr("CPU: Z80 -> "));
}

/// What Google Benchmark writes, as far as it is read.
std::string benchmarks(double scale, int repetitions) {
  json list = json::array();
  for (int i = 0; i < repetitions; ++i)
    list.push_back({{"name", "parse"},
                    {"run_type", "iteration"},
                    {"repetition_index", i},
                    {"real_time", 1.0},
                    {"cpu_time", scale * (100 + i % 3)},
                    {"time_unit", "us"}});
  list.push_back({{"name", "parse_mean"}, {"run_type", "aggregate"}, {"cpu_time", 1.0}});
  return json{{"benchmarks", list}}.dump();
}

TEST_F(Gate, judges_files_of_google_benchmark_and_says_what_is_not_known_of_them) {
  const auto judge = [&](double scale, int repetitions) {
    return run_atonce({"gate", "--out", folder_ / "out", "--format", "json", "--gbench",
                       write("old.json", benchmarks(1, repetitions)),
                       write("new.json", benchmarks(scale, repetitions))});
  };
  const Ended slower = judge(1.2, 20);
  EXPECT_EQ(slower.exit_code, 1) << slower.err << slower.out;
  EXPECT_THAT(slower.out, AllOf(HasSubstr("101 us"), HasSubstr("121 us"),
                                HasSubstr("no control arm"), HasSubstr("random order")));
  EXPECT_EQ(judge(1, 20).exit_code, 0);
  const Ended few = judge(1.2, 5);
  EXPECT_EQ(few.exit_code, 3);
  EXPECT_THAT(few.out, HasSubstr("5 repetitions are too few"));
  EXPECT_EQ(
      run_atonce({"gate", "--gbench", write("bad.json", "{}"), folder_ / "new.json"}).exit_code, 2);
}

TEST_F(Gate, an_interrupted_job_leaves_what_it_has_and_says_what_is_undecided) {
  const std::string arm = client("a", 1'000'000, 0, "sleep 0.05\n");
  alpha_ = "0.00001";  // it would go on for long
  Command command(arguments({"--baseline", arm, "--candidate", arm}));
  std::this_thread::sleep_for(std::chrono::milliseconds(800));
  command.signal(SIGINT);
  const Ended ended = command.wait();
  EXPECT_EQ(ended.exit_code, 130) << ended.err << ended.out;
  EXPECT_THAT(ended.out, HasSubstr("interrupted, undecided: response_p50, response_p95"));
  EXPECT_TRUE(stored()["interrupted"].get<bool>());
}

/// Which client was started, under which path.
struct Start {
  std::string client, path;
};

TEST_F(Gate, order_and_paths_are_those_of_the_coins_and_a_control_plays_the_baseline_twice) {
  const std::string log = folder_ / "log";
  const auto noted = [&](const std::string& name) {
    return "echo " + name + " $0 >> " + log + "\n";
  };
  alpha_ = "0.00001";
  const Ended ended =
      gate({"--baseline", client("a", 1'000'000, 0, noted("a").c_str()), "--candidate",
            client("b", 1'000'000, 0, noted("b").c_str()), "--pairs", "24", "--seed", "5"});
  ASSERT_EQ(ended.exit_code, 3) << ended.err << ended.out;
  std::vector<Start> starts;
  std::ifstream lines(log);
  for (Start start; lines >> start.client >> start.path;) starts.push_back(start);
  const json document = stored();
  const json& pairs = document["pairs"];
  ASSERT_EQ(starts.size(), 2 * pairs.size() + 2) << "each arm has a first slice";
  std::size_t candidate_first = 0, controls = 0, swapped = 0;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const bool first = pairs[i]["candidate_first"], control = pairs[i]["control"];
    const Start &one = starts[2 * i + 2], &other = starts[2 * i + 3];
    EXPECT_EQ(one.client, first && !control ? "b" : "a");
    EXPECT_EQ(other.client, first || control ? "a" : "b");
    EXPECT_EQ(one.path.size(), other.path.size());
    EXPECT_NE(one.path, other.path);
    candidate_first += first;
    controls += control;
    swapped += (first ? one : other).path.ends_with("arm-0/run");
  }
  EXPECT_EQ(controls, pairs.size() / 4);
  EXPECT_GT(candidate_first, pairs.size() / 4);
  EXPECT_LT(candidate_first, pairs.size() * 3 / 4);
  EXPECT_GT(swapped, pairs.size() / 4);
  EXPECT_LT(swapped, pairs.size() * 3 / 4);
}

TEST_F(Gate, sees_slower_answers_of_a_real_server) {
  const Ended ended =
      gate({"--baseline", "this", "--candidate", "time_scale=1.6", "--cells", "response_p50"});
  EXPECT_EQ(ended.exit_code, 1) << ended.err << ended.out;
}

TEST_F(Gate, does_not_fail_another_copy_of_this_build) {
  alpha_ = "0.001";
  const Ended ended = gate({"--baseline", "this", "--candidate", "build:" ATONCE_PROGRAM, "--cells",
                            "response_p50,overhead_p50", "--pairs", "3"});
  EXPECT_EQ(ended.exit_code, 3) << ended.err << ended.out;
  const json document = stored();
  ASSERT_EQ(document["pairs"].size(), 3u);
  for (const json& pair : document["pairs"])
    EXPECT_EQ(pair["baseline"]["calls"], pair["candidate"]["calls"]) << "not the same schedule";
  EXPECT_FALSE(std::filesystem::exists(folder_ / "out/.gate-stage"));
}

TEST_F(Gate, calibrates) {
  const Ended ended =
      run_atonce({"gate", "calibrate", folder_ / "quick.yaml", "--out", folder_ / "out", "--slice",
                  "100ms", "--warm-up", "0", "--cells", "response_p50,throughput", "--for", "1s"});
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_THAT(ended.out, AllOf(HasSubstr("throughput"), HasSubstr("noise")));
  EXPECT_THAT(read_file(folder_ / "out/calibration.md"), HasSubstr("# Calibration: quick"));
}

}  // namespace
}  // namespace atonce::testing
