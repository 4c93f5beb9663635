/// `atonce gate` while it plays: order, paths, interruption, real servers.

#include <gmock/gmock.h>
#include <signal.h>

#include <thread>

#include "tests/bench/gate_command.h"

namespace atonce::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

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
