/// `atonce gate` on every kind of arm that differs in more than its program.

#include <gmock/gmock.h>

#include <cstdlib>

#include "mock_server/server.h"
#include "tests/bench/gate_command.h"

namespace atonce::testing {
namespace {

class GateArms : public Gate {
 protected:
  GateArms() { alpha_ = "0.1"; }

  Ended compare(const std::string& baseline, const std::string& candidate, const char* cell,
                std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"--baseline", baseline, "--candidate", candidate, "--cells", cell});
    return gate(std::move(more));
  }

  json only_pair(const std::string& baseline, const std::string& candidate, const char* cell) {
    const Ended ended = compare(baseline, candidate, cell, {"--pairs", "1"});
    EXPECT_EQ(ended.exit_code, 3) << ended.err << ended.out;
    return stored()["pairs"].at(0);
  }

  static double value(const json& pair, const char* side) {
    return pair[side]["values"].at(0).get<double>();
  }
};

/// Routes whose answers all take that long.
std::string routes(const char* latency) {
  return std::string("routes: [{path: /llm, latency: ") + latency + "}]\n";
}

mock::ServerConfig server_with(const char* latency) {
  return mock::parse_server_config(ConfigNode::parse(routes(latency), "test.yaml"));
}

TEST_F(GateArms, the_slower_of_two_servers_is_found) {
  const mock::Server fast(server_with("20ms")), slow(server_with("24ms"));
  const Ended worse = compare(fast.url(), slow.url(), "response_p50");
  EXPECT_EQ(worse.exit_code, 1) << worse.err << worse.out;
  const Ended better = compare(slow.url(), fast.url(), "response_p50", {"--pairs", "6"});
  EXPECT_THAT(better.exit_code, ::testing::AnyOf(0, 3)) << better.err << better.out;
}

TEST_F(GateArms, other_routes_of_the_mock_server_are_played) {
  write("slow.yaml", routes("12ms"));
  const Ended ended = compare("this", "server=" + (folder_ / "slow.yaml"), "response_p50");
  EXPECT_EQ(ended.exit_code, 1) << ended.err << ended.out;
}

TEST_F(GateArms, a_cap_is_kept) {
  const json pair = only_pair("cap=20", "cap=5", "throughput");
  EXPECT_GT(value(pair, "baseline"), 2 * value(pair, "candidate"));
}

TEST_F(GateArms, a_runner_is_taken) {
  slice_ = "200ms";  // serial calls are few
  const json pair = only_pair("runner=thread_pool", "runner=sync_serial", "throughput");
  EXPECT_GT(value(pair, "baseline"), 2 * value(pair, "candidate"));
}

/// The example of docs/gate.md.
class GateExampleClient : public GateArms {
 protected:
  void SetUp() override {
    if (std::system("command -v python3 >/dev/null") != 0) GTEST_SKIP() << "there is no python3";
    write("quick.yaml", R"(name: quick
summary: Two short calls.
load: {shape: poisson, rate: 200/s, duration: 1s}
session: [{stage: ask, calls: [{request: GET /llm, times: 2}]}]
limits: {caps: [20], timeout: 5s}
server: {routes: [{path: /llm, latency: {uniform: [2ms, 6ms]}}]}
)");
  }

  json only_pair(const char* cell) {
    warm_up_ = "0";  // of which the client says nothing
    return GateArms::only_pair("this", "client:" ATONCE_EXAMPLE_CLIENT, cell);
  }
};

TEST_F(GateExampleClient, plays_the_same_open_schedule_as_this_program) {
  const json pair = only_pair("response_p50");
  EXPECT_GT(pair["baseline"]["calls"], 20);
  EXPECT_EQ(pair["baseline"]["calls"], pair["candidate"]["calls"]);
  EXPECT_EQ(pair["candidate"]["errors"], 0);
  EXPECT_GT(value(pair, "candidate"), 2e6);
}

TEST_F(GateExampleClient, plays_whole_sessions_of_a_closed_load) {
  const json pair = only_pair("throughput");
  EXPECT_EQ(pair["candidate"]["errors"], 0);
  EXPECT_EQ(pair["candidate"]["calls"].get<int>() % 2, 0);
  EXPECT_GT(pair["candidate"]["calls"], 20);
}

}  // namespace
}  // namespace atonce::testing
