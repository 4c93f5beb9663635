/// `atonce gate` as a person starts it. Most arms are scripts that only claim to have called.

#include <gmock/gmock.h>

#include <cstdlib>

#include "tests/bench/gate_command.h"

namespace atonce::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

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
  changed["rules"]["alpha"] = 0.2;
  store("out/gate.json", changed);
  const Ended loose = run_atonce({"gate", "--format", "json", "report", folder_ / "out"});
  EXPECT_THAT(loose.err, HasSubstr("a number from 1e-06 to 0.1"));
  changed["rules"]["alpha"] = 0.05;
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

TEST_F(Gate, an_arm_all_of_whose_calls_fail_from_the_beginning_is_judged_all_the_same) {
  formats_ = "json,junit,html";
  const std::string good = client("a", 1'000'000), bad = client("b", 0, 200);
  const Ended candidate = gate({"--baseline", good, "--candidate", bad});
  EXPECT_EQ(candidate.exit_code, 1) << candidate.err;
  EXPECT_THAT(candidate.out, AllOf(HasSubstr("1 % of the candidate's calls failed"),
                                   HasSubstr("candidate 400 of 400")));
  EXPECT_EQ(stored()["pairs"].size(), 2u);
  EXPECT_EQ(stored()["verdict"]["errors"]["candidate"]["errors"], 400);
  EXPECT_THAT(
      read_file(folder_ / "out/junit.xml"),
      HasSubstr("<failure message=\"more than 1 % of the candidate&#39;s calls failed\"/>"));
  const std::vector<std::string> baseline{"--baseline", bad, "--candidate", good};
  for (const std::vector<std::string>& more :
       {std::vector<std::string>{}, {"--rate", "50"}, {"--cells", "throughput"}}) {
    auto all = baseline;
    all.insert(all.end(), more.begin(), more.end());
    const Ended ended = gate(all);
    EXPECT_EQ(ended.exit_code, 5) << ended.err << ended.out;
    EXPECT_THAT(ended.out, HasSubstr("the baseline has no call that ended well"));
  }
}

TEST_F(Gate, a_candidate_that_stops_telling_its_figures_is_exit_code_5) {
  const std::string told = folder_ / "told";
  const std::string once = "if [ -e " + told + R"( ]; then
echo '{"calls": 200, "errors": 0, "wall_ns": 1000000000}'
exit
fi
touch )" + told + "\n";
  const Ended ended = gate({"--baseline", client("a", 1'000'000), "--candidate",
                            client("b", 1'000'000, 0, once.c_str()), "--pairs", "5"});
  EXPECT_EQ(ended.exit_code, 5) << ended.err << ended.out;
  EXPECT_THAT(ended.out,
              HasSubstr("the candidate's figures cannot be used: no figure for response_p50"));
}

TEST_F(Gate, an_arm_that_breaks_is_exit_code_5_and_named) {
  const std::string good = client("a", 1'000'000);
  const std::string dying = client("b", 1, 0, "exit 7\n"),
                    mumbling = client("c", 1, 0, "echo() { :; }\n");
  EXPECT_EQ(gate({"--baseline", good, "--candidate", dying}).exit_code, 5);
  EXPECT_EQ(stored()["failure"], dying + ": the client failed: exit code 7");
  EXPECT_EQ(gate({"--baseline", good, "--candidate", mumbling}).exit_code, 5);
  EXPECT_THAT(stored()["failure"].get<std::string>(),
              AllOf(HasSubstr(mumbling), HasSubstr("something else than docs/gate.md asks for")));
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
      {{"--baseline", "this", "--candidate", "this", "--beta", "0.2"}, "not in range"},
      {{"--against", "nowhere.json", "--candidate", "this"}, "cannot read nowhere.json"},
      {{"--against", "x.json", "--candidate", "this", "--baseline", "this"}, "not both"},
      {{"--against", "x.json", "--candidate", "this", "--rate", "5"}, "--rate has no effect"},
      {{"--gbench", "a", "b"}, "has no effect with --gbench"},
      {{"--baseline", "this", "report", "."}, "has no effect with report"}};
  for (const auto& [arguments, message] : wrong) {
    const Ended ended = gate(arguments);
    EXPECT_EQ(ended.exit_code, 2) << message;
    EXPECT_THAT(ended.err, HasSubstr(message));
  }
}

TEST_F(Gate, a_folder_that_cannot_be_made_is_exit_code_2_before_anything_runs) {
  const std::string file = write("file", "");
  const std::string arm = client("a", 1, 0, ("touch " + (folder_ / "started") + "\n").c_str());
  out_ = file + "/out";
  const Ended ended = gate({"--baseline", arm, "--candidate", arm});
  EXPECT_EQ(ended.exit_code, 2);
  EXPECT_THAT(ended.err, AllOf(HasSubstr(out_), HasSubstr("Not a directory")));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "started"));
}

TEST_F(Gate, calibrate_names_its_own_option_for_the_time) {
  const Ended ended = run_atonce(
      {"gate", "calibrate", folder_ / "quick.yaml", "--out", folder_ / "out", "--for", "0s"});
  EXPECT_EQ(ended.exit_code, 2);
  EXPECT_THAT(ended.err, HasSubstr("--for takes a duration longer than 0"));
}

TEST_F(Gate, seed_0_is_a_seed) {
  const std::string arm = client("a", 1'000'000);
  gate({"--baseline", arm, "--candidate", arm, "--pairs", "1", "--seed", "0"});
  EXPECT_EQ(stored()["seed"], 0);
}

}  // namespace
}  // namespace atonce::testing
