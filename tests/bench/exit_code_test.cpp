/// What a script learns from an exit code, a warning and the files for CI. That a crash is 1 and an
/// interruption 130 is tested where they are brought about, in run_test.cpp; mistakes, which are 2,
/// and the doctor's 1 in cli_test.cpp; a server's 0 in serve_test.cpp.

#include <gmock/gmock.h>

#include <fstream>

#include "bench/machine.h"
#include "core/result.h"
#include "reports/result_json.h"
#include "tests/bench/command.h"

namespace atonce::testing {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Key;
using ::testing::Not;
using ::testing::Pair;
using namespace std::chrono_literals;

/// Nothing to say against it, except on a machine that is very busy.
constexpr const char* good = R"(name: good
summary: Ten calls.
load: {shape: batch, sessions: 10}
session: [{stage: ask, calls: [{request: GET /llm}]}]
limits: {caps: [5], timeout: 20s}
server: {routes: [{path: /llm, latency: 200ms}]}
)";

/// Twenty calls are too few for the percentile by which a given rate is ranked.
constexpr const char* suspect = R"(name: suspect
summary: Twenty calls.
load: {shape: constant, rate: 100/s, sessions: 20}
session: [{stage: ask, calls: [{request: GET /llm}]}]
limits: {caps: [unlimited], timeout: 20s}
server: {routes: [{path: /llm, latency: 20ms}]}
)";

/// A server that lets in fewer connections than the client opens.
constexpr const char* narrow = R"(name: narrow
summary: Ten calls at once, five connections.
load: {shape: batch, sessions: 10}
session: [{stage: ask, calls: [{request: GET /llm}]}]
limits: {caps: [10], timeout: 20s}
server:
  limits: {connections: 5}
  routes: [{path: /llm, latency: 100ms}]
)";

class ExitCode : public ::testing::Test {
 protected:
  Ended run(const char* scenario, std::vector<std::string> options) const {
    std::ofstream(folder_ / "scenario.yaml") << scenario;
    options.insert(options.begin(), {"run", folder_ / "scenario.yaml", "--out", folder_ / "out",
                                     "--runner", "asio_coroutines"});
    return run_atonce(options);
  }
  ResultSet results() const { return read_result(folder_ / "out/result.json"); }

  Folder folder_;
};

TEST_F(ExitCode, is_0_for_what_is_valid_even_under_strict) {
  if (usable_cores().size() < 2) GTEST_SKIP() << "a shared core is suspect";
  Ended ended;
  for (int tries = 0; tries < 5 && ended.exit_code != 0; ++tries) ended = run(good, {"--strict"});
  EXPECT_EQ(ended.exit_code, 0) << ended.out;
}

TEST_F(ExitCode, is_3_for_what_is_suspect_under_strict_only) {
  EXPECT_EQ(run(suspect, {}).exit_code, 0);
  EXPECT_THAT(read_file(folder_ / "out/junit.xml"), HasSubstr("<skipped"));
  const Ended ended = run(suspect, {"--strict"});
  EXPECT_EQ(ended.exit_code, 3);
  EXPECT_THAT(ended.out, HasSubstr("too_few_samples"));
  EXPECT_TRUE(results().strict);
  EXPECT_THAT(read_file(folder_ / "out/junit.xml"), HasSubstr("<failure type="));
  EXPECT_THAT(read_file(folder_ / "out/summary.md"), HasSubstr("a failure under --strict"));
}

TEST_F(ExitCode, is_2_when_the_machine_cannot_carry_the_load) {
  std::string wide = good;
  wide.replace(wide.find("sessions: 10"), 12, "sessions: 66000");
  const Ended ended = run(wide.c_str(), {"--cap", "66000"});
  EXPECT_EQ(ended.exit_code, 2) << "more connections than there are ports, or files";
  EXPECT_THAT(ended.err, ::testing::AnyOf(HasSubstr("ip_local_port_range"), HasSubstr("ulimit")));
}

TEST(ExitCodes, is_1_when_the_results_cannot_be_written) {
  EXPECT_EQ(run_atonce({"run", "hundred-calls", "--out", "/proc/no/such/folder"}).exit_code, 1);
}

TEST(ExitCodes, are_told_by_the_help_of_every_command) {
  for (const auto* command : {"run", "report", "serve", "list", "doctor"})
    EXPECT_THAT(run_atonce({command, "--help"}).out, HasSubstr("Exit codes: 0")) << command;
}

TEST(ExitCodes, of_list_and_of_a_server_that_cannot_listen) {
  EXPECT_EQ(run_atonce({"list"}).exit_code, 0);
  EXPECT_EQ(run_atonce({"list", "--no-such"}).exit_code, 2);
  EXPECT_EQ(run_atonce({"serve", "--address", "192.0.2.1"}).exit_code, 2);
}

class Warning : public ExitCode {};

TEST_F(Warning, says_that_the_server_lets_in_fewer_connections) {
  const Ended ended = run(narrow, {});
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_THAT(ended.err, HasSubstr("warning: connections: "));
  EXPECT_THAT(results().environment, Contains(Key("preflight: connections")));
  EXPECT_EQ(results().trials.size(), 1u);
  EXPECT_THAT(run(narrow, {"--quiet"}).err, Not(HasSubstr("warning")));
}

TEST_F(Warning, says_that_nobody_listens_and_plays_all_the_same) {
  const Ended ended = run(good, {"--url", "http://127.0.0.1:1"});
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_THAT(ended.err, HasSubstr("warning: connections: 0 of 5 at once (Connection refused)"));
}

TEST_F(Warning, is_not_given_where_there_is_nothing_to_warn_of) {
  const Ended ended = run(good, {});
  if (usable_cores().size() >= 2) {
    EXPECT_THAT(ended.err, Not(HasSubstr("warning")));
  }
  EXPECT_THAT(results().environment, Contains(Pair("preflight: connections", "5 of 5 at once")));
  EXPECT_EQ(results().trials.front().server->distinct_connections, 5u) << "those of the run only";
}

/// Whether the run believed that it shared a core with a server of ours.
class SharedCore : public ExitCode {
 protected:
  bool shared_with(const std::vector<std::string>& options) {
    std::vector<std::string> arguments{"serve", "--profile", "instant"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    Command server(arguments);
    const auto url = [&] {
      const std::string out = server.out_so_far();
      const auto begin = out.find("http"), end = out.find('\n');
      return end == std::string::npos ? "" : out.substr(begin, end - begin);
    };
    EXPECT_TRUE(within(10s, [&] { return !url().empty(); }));
    err_ = run(good, {"--url", url()}).err;
    return results().trials.front().shares_cores;
  }

  std::string err_;
};

TEST_F(SharedCore, is_noticed_with_a_server_that_may_run_anywhere) {
  EXPECT_TRUE(shared_with({}));
  EXPECT_THAT(err_, HasSubstr("warning: cores"));
}

TEST_F(SharedCore, is_not_suspected_with_a_server_on_another_core) {
  const auto cores = usable_cores();
  if (cores.size() < 2) GTEST_SKIP() << "there is but one core";
  EXPECT_FALSE(shared_with({"--pin", std::to_string(cores[0])}));
  EXPECT_THAT(err_, Not(HasSubstr("warning: cores")));
}

}  // namespace
}  // namespace atonce::testing
