/// `atonce tune` as a person starts it.

#include <gmock/gmock.h>
#include <signal.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/bench/command.h"

namespace atonce::testing {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::HasSubstr;

/// Four calls at a time, 10 ms each: sixteen take 40 ms, a seventeenth makes it 50.
constexpr const char* quick_tune = R"(name: quick
summary: Four workers.
runners: [asio_coroutines, curl_multi]
load: {shape: closed, sessions: 100}
session: [{stage: ask, calls: [{request: GET /llm}]}]
limits: {caps: [8], timeout: 5s}
server: {routes: [{path: /llm, capacity: {workers: 4, service: 10ms}}]}
)";

class Tune : public ::testing::Test {
 protected:
  Tune() { std::ofstream(folder_ / "quick.yaml") << quick_tune; }

  std::vector<std::string> arguments(std::vector<std::string> more) {
    std::vector<std::string> all{
        "tune", folder_ / "quick.yaml", "--out", folder_ / "out", "--block", "100ms"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  Ended tune(std::vector<std::string> more) { return run_atonce(arguments(std::move(more))); }
  json stored() { return json::parse(read_file(folder_ / "out/tune.json")); }

  Folder folder_;
};

TEST_F(Tune, finds_no_more_than_the_server_can_do_and_writes_all_documents) {
  const Ended ended =
      tune({"--slo", "p90<=45ms", "--slo", "errors<=5%", "--range", "1..64", "--budget", "6s"});
  EXPECT_THAT(ended.exit_code, AnyOf(0, 1, 3)) << ended.err << ended.out;
  EXPECT_THAT(ended.err, AllOf(HasSubstr("scout"), HasSubstr("cap 1: ")));
  EXPECT_THAT(ended.out, AllOf(HasSubstr("probes: "), HasSubstr("Report: ")));
  const json document = stored();
  EXPECT_EQ(document["schema"], "atonce.tune/1");
  const json& found = document["runners"][0];
  EXPECT_EQ(found["runner"], "asio_coroutines");
  const json& cap = found["recommended"];
  EXPECT_LE(cap.is_null() ? 0 : cap.get<int>(), 16) << "a server is never faster than it is";
  ASSERT_GE(found["probes"].size(), 3u);
  for (const json& probe : found["probes"])
    if (probe["purpose"] == "scout") {
      EXPECT_EQ(probe["blocks"].size(), 3u);
    }
  EXPECT_THAT(read_file(folder_ / "out/tune.md"), HasSubstr("# Tuning: quick"));
  EXPECT_THAT(read_file(folder_ / "out/tune.html"), HasSubstr("How much does each level carry?"));
}

TEST_F(Tune, a_range_that_is_no_challenge_ends_at_its_top) {
  const Ended ended =
      tune({"--slo", "p90<=3s", "--range", "1..4", "--budget", "40s", "--format", "json"});
  EXPECT_EQ(ended.exit_code, 0) << ended.err << ended.out;
  const json found = stored()["runners"][0];
  EXPECT_EQ(found["recommended"], 4);
  EXPECT_EQ(found["flags"], json::array({"none-in-range"}));
  EXPECT_EQ(found["snippets"]["atonce"],
            "atonce run " + (folder_ / "quick.yaml") + " --runner asio_coroutines --cap 4");
  EXPECT_THAT(stored()["command"].get<std::string>(), HasSubstr("--block 100ms --budget 40s"));
}

TEST_F(Tune, an_objective_that_no_level_meets_is_exit_code_1) {
  const Ended ended =
      tune({"--slo", "p90<=5ms", "--range", "1..8", "--budget", "40s", "--format", "json"});
  EXPECT_EQ(ended.exit_code, 1) << ended.err << ended.out;
  EXPECT_EQ(stored()["runners"][0]["recommended"], nullptr);
  EXPECT_EQ(stored()["runners"][0]["flags"], json::array({"fails-at-1"}));
}

TEST_F(Tune, calls_that_hang_are_bad_long_before_they_time_out) {
  std::ofstream(folder_ / "quick.yaml") << R"(name: hanging
summary: One call in five is never answered.
load: {shape: closed, sessions: 100}
session: [{stage: ask, calls: [{request: GET /llm}]}]
limits: {caps: [8], timeout: 60s}
server: {routes: [{path: /llm, latency: 5ms, faults: [{fault: stall, share: 20%}]}]}
)";
  const Ended ended =
      tune({"--slo", "p90<=100ms", "--range", "16..17", "--budget", "5s", "--format", "json"});
  EXPECT_THAT(ended.exit_code, AnyOf(1, 3)) << ended.err << ended.out;
  const json found = stored()["runners"][0];
  EXPECT_EQ(found["recommended"], nullptr);
  ASSERT_GE(found["probes"].size(), 1u);
  EXPECT_LT(found["probes"][0]["took_s"], 30) << "the time-out is not waited for";
  int bad = 0;
  for (const json& block : found["probes"][0]["blocks"]) bad += block["bad"][0].get<int>();
  EXPECT_GE(bad, 5);
}

TEST_F(Tune, an_interruption_leaves_what_is_known_and_says_what_is_undecided) {
  Command command(arguments({"--slo", "p90<=45ms", "--format", "json"}));
  EXPECT_TRUE(within(std::chrono::seconds(30),
                     [&] { return command.err_so_far().find("cap 1: ") != std::string::npos; }));
  command.signal(SIGINT);
  const Ended ended = command.wait();
  EXPECT_EQ(ended.exit_code, 130) << ended.err << ended.out;
  EXPECT_THAT(ended.out, AllOf(HasSubstr("undecided"), HasSubstr("interrupted")));
  EXPECT_EQ(stored()["runners"][0]["end"], "interrupted");
}

TEST_F(Tune, compares_runners) {
  const Ended ended = tune({"--objective", "knee", "--range", "1..8", "--budget", "2s",
                            "--compare-runners", "--format", "json"});
  EXPECT_THAT(ended.exit_code, AnyOf(0, 1, 3)) << ended.err << ended.out;
  ASSERT_EQ(stored()["runners"].size(), 2u);
  EXPECT_EQ(stored()["runners"][1]["runner"], "curl_multi");
  EXPECT_THAT(ended.out, AllOf(HasSubstr("runner"), HasSubstr("curl_multi")));
}

TEST_F(Tune, varies_the_rate_and_the_connections) {
  using Options = std::vector<std::string>;
  for (Options what : {Options{"--vary", "rate", "--slo", "p90<=45ms"},
                       Options{"--vary", "connections", "--objective", "knee", "--cap", "8"}}) {
    for (const char* more : {"--range", "2..64", "--budget", "2s", "--format", "json"})
      what.emplace_back(more);
    const Ended ended = tune(what);
    EXPECT_THAT(ended.exit_code, AnyOf(0, 1, 3)) << ended.err << ended.out;
    ASSERT_GE(stored()["runners"][0]["probes"].size(), 1u) << ended.err;
    EXPECT_EQ(stored()["runners"][0]["probes"][0]["level"], 2);
  }
}

struct Nonsense {
  std::vector<std::string> arguments;
  std::string message;
};

TEST_F(Tune, refuses_nonsense_and_says_why) {
  const std::vector<Nonsense> all{
      {{}, "needs an objective to meet"},
      {{"--slo", "p99<=100"}, "expected for example p99<=100ms"},
      {{"--slo", "speed>=3"}, "there is no '<='"},
      {{"--slo", "p99<=20s"}, "time out after"},
      {{"--slo", "p99<=1s", "--slo", "p99<=2s"}, "are about the same"},
      {{"--slo", "p99<=1s", "--objective", "best"}, "the objectives are: slo"},
      {{"--slo", "p99<=1s", "--vary", "colour"}, "expected cap, rate"},
      {{"--slo", "p99<=1s", "--range", "9"}, "expected LOW..HIGH"},
      {{"--slo", "p99<=1s", "--range", "9..3"}, "levels rise"},
      {{"--slo", "p99<=1s", "--range", "0..3"}, "levels rise"},
      {{"--slo", "p99<=1s", "--budget", "0s"}, "--budget takes"},
      {{"--slo", "p99<=1s", "--budget", "1s"}, "too little for anything to be proved"},
      {{"--objective", "knee", "--vary", "connections", "--connections", "4"},
       "--connections is what is varied"},
      {{"--objective", "knee", "--vary", "threads"}, "there are none to vary"},
      {{"--slo", "p99<=1s", "--transport", "beast"}, "has no transport 'beast'"},
      {{"--slo", "p99<=1s", "--vary", "rate", "--objective", "knee"}, "is what is put in"},
      {{"--slo", "p99<=1s", "--cap", "4"}, "--cap is what is varied"},
      {{"--slo", "p99<=1s", "--vary", "threads"}, "ask for the fewest that do"},
      {{"--slo", "p99<=1s", "--runner", "sync_serial"}, "there is nothing to tune"},
      {{"--slo", "p99<=1s", "--runner", "nobody"}, "there is no runner 'nobody'"},
      {{"--slo", "p99<=1s", "--url", "http://192.0.2.1:80"}, "--i-own-this-target"},
      {{"--slo", "p99<=1s", "--format", "pdf"}, "there is no 'pdf'"},
  };
  for (const Nonsense& nonsense : all) {
    const Ended ended = tune(nonsense.arguments);
    EXPECT_EQ(ended.exit_code, 2) << nonsense.message << ended.err;
    EXPECT_THAT(ended.err, HasSubstr(nonsense.message));
  }
  EXPECT_FALSE(std::filesystem::exists(folder_ / "out"));
}

}  // namespace
}  // namespace atonce::testing
