/// `atonce tune` as a person starts it.

#include <gmock/gmock.h>
#include <signal.h>
#include <sys/wait.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/bench/command.h"

namespace atonce::testing {
namespace {

using nlohmann::json;
using ::testing::AllOf;
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
  /// What the exit code has to be, by the document.
  int code_stored() {
    const json document = stored();
    int code = 0;
    for (const json& found : document["runners"]) {
      const bool is_final = found["complete"] || found["end"] == "failed";
      if (found["recommended"].is_null() && is_final) return 1;
      if (!found["complete"]) code = 3;
    }
    return code;
  }
  /// Calls per second at the lowest level.
  double rate_at_lowest() { return stored()["runners"][0]["levels"].at(0)["throughput"]; }

  Folder folder_;
};

TEST_F(Tune, finds_no_more_than_the_server_can_do_and_writes_all_documents) {
  const Ended ended =
      tune({"--slo", "p90<=45ms", "--slo", "errors<=5%", "--range", "1..64", "--budget", "6s"});
  EXPECT_EQ(ended.exit_code, code_stored()) << ended.err << ended.out;
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
  EXPECT_EQ(ended.exit_code, code_stored()) << ended.err << ended.out;
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
  EXPECT_THAT(ended.out,
              AllOf(HasSubstr("undecided-band: still open"), HasSubstr("- interrupted")));
  EXPECT_EQ(stored()["runners"][0]["complete"], false);
  EXPECT_EQ(stored()["runners"][0]["end"], "interrupted");
}

TEST_F(Tune, compares_runners) {
  const Ended ended = tune({"--objective", "knee", "--range", "1..8", "--budget", "2s",
                            "--compare-runners", "--format", "json"});
  ASSERT_EQ(stored()["runners"].size(), 2u) << ended.err;
  EXPECT_EQ(stored()["runners"][1]["runner"], "curl_multi");
  EXPECT_EQ(ended.exit_code, code_stored()) << ended.err << ended.out;
  EXPECT_THAT(ended.out, AllOf(HasSubstr("runner"), HasSubstr("curl_multi")));
}

TEST_F(Tune, varies_the_rate) {
  const Ended ended = tune({"--vary", "rate", "--slo", "p90<=45ms", "--range", "40..64", "--budget",
                            "3s", "--format", "json"});
  EXPECT_EQ(ended.exit_code, code_stored()) << ended.err << ended.out;
  EXPECT_GE(rate_at_lowest(), 10);
  EXPECT_LE(rate_at_lowest(), 120) << "and not the 400 that it could be";
}

TEST_F(Tune, varies_the_connections) {
  const Ended ended = tune({"--vary", "connections", "--objective", "knee", "--cap", "8", "--range",
                            "2..8", "--budget", "2s", "--format", "json"});
  EXPECT_EQ(ended.exit_code, code_stored()) << ended.err << ended.out;
  EXPECT_GE(rate_at_lowest(), 10);
  EXPECT_LE(rate_at_lowest(), 250) << "two calls of 10 ms at a time";
}

TEST_F(Tune, varies_the_threads_of_runners_that_have_some) {
  std::string text = quick_tune;
  text.replace(text.find("asio_coroutines"), 15, "thread_pool");
  std::ofstream(folder_ / "quick.yaml") << text;
  const Ended ended = tune({"--vary", "threads", "--objective", "knee", "--cap", "8", "--range",
                            "2..8", "--budget", "2s", "--compare-runners", "--format", "json"});
  EXPECT_EQ(ended.exit_code, code_stored()) << ended.err << ended.out;
  EXPECT_GE(rate_at_lowest(), 10);
  EXPECT_LE(rate_at_lowest(), 250) << "two calls of 10 ms at a time";
  ASSERT_EQ(stored()["runners"].size(), 1u);
  EXPECT_EQ(stored()["left_out"], json::array({"curl_multi carries all calls on one thread: there "
                                               "are none to vary"}));
  EXPECT_THAT(ended.out, HasSubstr("Left out: curl_multi"));
}

TEST_F(Tune, a_rate_may_not_need_more_files_than_there_are) {
  const auto code = [&](const std::string& options) {
    const std::string command = "ulimit -n 200; exec " ATONCE_PROGRAM " tune " +
                                (folder_ / "quick.yaml") + " --vary rate --slo 'p90<=45ms' " +
                                options + " --out " + (folder_ / "out") + " > /dev/null 2> " +
                                (folder_ / "err");
    return WEXITSTATUS(std::system(command.c_str()));
  };
  EXPECT_EQ(code("--cap 500"), 2);
  EXPECT_THAT(read_file(folder_ / "err"), HasSubstr("--cap: 500 connections at once"));
  EXPECT_EQ(code("--connections 500"), 2);
  EXPECT_NE(code("--range 40..64 --budget 2s --block 100ms --format json"), 2);
  EXPECT_THAT(read_file(folder_ / "err"), HasSubstr("40 sessions/s"));
}

TEST_F(Tune, a_folder_that_cannot_be_made_is_refused_before_anything_runs) {
  const std::string out = folder_ / "quick.yaml/out";
  const Ended ended =
      run_atonce({"tune", folder_ / "quick.yaml", "--out", out, "--slo", "p90<=45ms"});
  EXPECT_EQ(ended.exit_code, 2) << ended.err;
  EXPECT_THAT(ended.err, HasSubstr("--out: " + out + " cannot be written"));
}

TEST_F(Tune, an_empty_url_is_not_the_mock_server) {
  const Ended ended = run_atonce({"run", folder_ / "quick.yaml", "--url", ""});
  EXPECT_EQ(ended.exit_code, 2) << ended.err;
  EXPECT_THAT(ended.err, HasSubstr("--url: it is empty"));
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
      {{"--slo", "p99<=1s", "--budget", "long"}, "--budget: expected a duration"},
      {{"--slo", "--range", "1..4"}, "its value is missing: --range is an option"},
      {{"--slo", "p99<=1s", "--url", ""}, "--url: it is empty"},
      {{"--objective", "knee", "--vary", "threads", "--range", "1..20000"}, "takes 10000 at most"},
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
