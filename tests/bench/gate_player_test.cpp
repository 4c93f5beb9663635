/// What a slice starts, and what a client may not do.

#include <gmock/gmock.h>

#include "bench/gate/player.h"
#include "bench/gate/stage.h"
#include "mock_server/server.h"
#include "tests/bench/gate_command.h"

namespace atonce::gate::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using ::testing::ThrowsMessage;

class GateSlice : public atonce::testing::Gate {};

class GateStage : public GateSlice {
 protected:
  Arm arm(const std::string& text) {
    return parse_arm(text, {}, parse_scenario(atonce::testing::quick_gate, "quick.yaml"));
  }

  /// Checks that both arms are started under paths of one length, wherever they lie.
  void expect_equal_lengths(const Stage& stage) {
    const std::string baseline = stage.program(Side::baseline),
                      candidate = stage.program(Side::candidate);
    EXPECT_EQ(baseline.size(), candidate.size());
    EXPECT_NE(baseline, candidate);
  }
};

TEST_F(GateStage, this_program_is_copied_beside_a_build) {
  const std::string folder = folder_ / "stage";
  Stage stage(folder, arm("this"), arm("build:" ATONCE_PROGRAM));
  stage.arrange(true, false);
  expect_equal_lengths(stage);
  for (const Side side : {Side::baseline, Side::candidate})
    EXPECT_THAT(std::filesystem::canonical(stage.program(side)).string(),
                StartsWith(std::filesystem::canonical(folder).string()));
}

TEST_F(GateStage, this_program_is_linked_to_beside_anything_else) {
  const Arm client_arm = arm(client("a", 1));
  Stage stage(folder_ / "stage", arm("cap=3"), client_arm);
  stage.arrange(false, false);
  expect_equal_lengths(stage);
  EXPECT_TRUE(std::filesystem::equivalent(stage.program(Side::baseline), "/proc/self/exe"));
  EXPECT_TRUE(std::filesystem::equivalent(stage.program(Side::candidate), client_arm.program));
}

TEST_F(GateSlice, an_arm_of_this_program_is_started_as_it_is_told) {
  const Scenario scenario = parse_scenario(atonce::testing::quick_gate, "quick.yaml");
  const mock::Server server(scenario.server);
  const Arm arm = parse_arm(server.url(), {}, scenario);
  const std::string program =
      script("run", "echo $0 >" + (folder_ / "log") + "\nexec " ATONCE_PROGRAM " \"$@\"\n");
  const SliceOrder order{
      .arm = &arm, .program = program, .load = {.rate = 200, .measured = 100ms}, .number = 1};
  EXPECT_GT(play_slice(scenario, order, {}).calls, 0u);
  EXPECT_EQ(atonce::testing::read_file(folder_ / "log"), program + "\n");
}

TEST_F(GateSlice, a_client_that_does_not_read_its_task_has_failed) {
  const Scenario scenario = parse_scenario(atonce::testing::quick_gate, "quick.yaml");
  const Arm arm = parse_arm("client:" + script("deaf", "exec sleep 100\n"), {}, scenario);
  const SliceOrder order{.arm = &arm,
                         .program = arm.program,
                         .load = {.rate = 10'000, .measured = 1s},
                         .time_to_read = 200ms};
  EXPECT_THAT([&] { play_client(scenario, order, "http://127.0.0.1:1", {}); },
              ThrowsMessage<SliceFailed>(
                  HasSubstr("did not read its task from standard input within 200 ms")));
}

}  // namespace
}  // namespace atonce::gate::testing
