/// `atonce tune` on a mock server that changes while it is searched.

#include <gmock/gmock.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/bench/command.h"

namespace atonce::testing {
namespace {

using nlohmann::json;
using ::testing::Contains;

TEST(TuneLive, a_server_that_gets_workers_after_some_seconds_has_changed) {
  const Folder folder;
  std::ofstream(folder / "growing.yaml") << R"(name: growing
summary: Two workers, then eight.
load: {shape: closed, sessions: 100}
session: [{stage: ask, calls: [{request: GET /llm}]}]
limits: {caps: [8], timeout: 5s}
server:
  routes:
    - path: /llm
      capacity: {workers: 2, service: 10ms, changes: [{at: 3500ms, workers: 8}]}
)";
  const Ended ended = run_atonce({"tune", folder / "growing.yaml", "--slo", "p90<=45ms", "--block",
                                  "100ms", "--range", "1..64", "--budget", "12s", "--out",
                                  folder / "out", "--format", "json"});
  ASSERT_NE(ended.exit_code, 2) << ended.err;
  const json found = json::parse(read_file(folder / "out/tune.json"))["runners"][0];
  EXPECT_THAT(found["flags"].get<std::vector<std::string>>(), Contains("drift")) << ended.err;
}

}  // namespace
}  // namespace atonce::testing
