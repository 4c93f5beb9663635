/// What a person types wrong, and what they are told.

#include <gmock/gmock.h>

#include <fstream>

#include "tests/bench/command.h"

namespace atonce::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

TEST(CommandLine, help_teaches_by_example) {
  for (const auto* command : {"run", "serve", "report", "list", "doctor", "selfcheck"}) {
    const Ended ended = run_atonce({command, "--help"});
    EXPECT_EQ(ended.exit_code, 0);
    EXPECT_THAT(ended.out, HasSubstr("Example")) << command;
  }
  EXPECT_THAT(run_atonce({"--help"}).out, HasSubstr("atonce run hundred-calls"));
}

TEST(CommandLine, version_is_printed) {
  EXPECT_THAT(run_atonce({"--version"}).out, ::testing::MatchesRegex("[0-9]+\\.[0-9]+\\.[0-9]+\n"));
}

TEST(CommandLine, list_shows_scenarios_runners_and_formats) {
  const Ended ended = run_atonce({"list"});
  EXPECT_THAT(ended.out, AllOf(HasSubstr("hundred-calls"), HasSubstr("asio_coroutines"),
                               HasSubstr("report.html")));
  EXPECT_THAT(run_atonce({"list", "--json"}).out, HasSubstr("\"runners\""));
}

TEST(CommandLine, doctor_says_no_to_what_cannot_be) {
  EXPECT_EQ(run_atonce({"doctor", "--in-flight", "10"}).exit_code, 0);
  const Ended ended = run_atonce({"doctor", "--in-flight", "9000000"});
  EXPECT_EQ(ended.exit_code, 1);
  EXPECT_THAT(ended.out, AllOf(HasSubstr("FAIL"), HasSubstr("open files")));
}

struct Wrong {
  std::vector<std::string> arguments;
  std::string says;
};

void PrintTo(const Wrong& wrong, std::ostream* out) {
  for (const std::string& argument : wrong.arguments) *out << argument << ' ';
}

class CommandLineMistake : public ::testing::TestWithParam<Wrong> {};

TEST_P(CommandLineMistake, exits_with_2_and_a_message_that_helps) {
  const Ended ended = run_atonce(GetParam().arguments);
  EXPECT_EQ(ended.exit_code, 2) << ended.err;
  EXPECT_THAT(ended.err, HasSubstr(GetParam().says));
}

INSTANTIATE_TEST_SUITE_P(
    All, CommandLineMistake,
    ::testing::Values(
        Wrong{{}, "subcommand"}, Wrong{{"run"}, "scenario"}, Wrong{{"rnu"}, "subcommand"},
        Wrong{{"run", "no-such"}, "hundred-calls"},
        Wrong{{"run", "hundred-calls", "--runner", "no-such"}, "curl_multi"},
        Wrong{{"run", "hundred-calls", "--transport", "no-such"}, "atonce list"},
        Wrong{{"run", "hundred-calls", "--format", "pdf"}, "pdf"},
        Wrong{{"run", "hundred-calls", "--cap", "0"}, "unlimited"},
        Wrong{{"run", "hundred-calls", "--cap", "many"}, "many"},
        Wrong{{"run", "hundred-calls", "--limit", "tcp"}, "fixed, aimd, vegas, gradient2"},
        Wrong{{"run", "adaptive-limit", "--limit", "vegas"}, "tuned, aimd"},
        Wrong{{"tune", "adaptive-limit", "--variant", "vegas", "--slo", "p99<=1s"}, "limit: fixed"},
        Wrong{{"run", "hundred-calls", "--seed", "-1"}, "--seed"},
        Wrong{{"run", "hundred-calls", "--time-scale", "0"}, "--time-scale"},
        Wrong{{"run", "hundred-calls", "--timeout", "10"}, "10"},
        Wrong{{"run", "hundred-calls", "--repeat", "0"}, "--repeat"},
        Wrong{{"run", "hundred-calls", "--url", "ftp://127.0.0.1"}, "http://"},
        Wrong{{"run", "hundred-calls", "--url", "http://192.0.2.1"}, "--i-own-this-target"},
        Wrong{{"run", "hundred-calls", "--url", "not a url"}, "URL"}, Wrong{{"report"}, "DIR"},
        Wrong{{"report", "/no/such/folder"}, "/no/such/folder"},
        Wrong{{"report", "--unit-costs", "/no/such.json"}, "/no/such.json"},
        Wrong{{"report", "/tmp", "--unit-costs", "x.json"}, "excludes"},
        Wrong{{"report", "--unit-costs", "x.json", "--format", "md"}, "excludes"},
        Wrong{{"doctor", "--in-flight", "0"}, "--in-flight"},
        Wrong{{"selfcheck", "--runner", "no-such"}, "curl_multi"},
        Wrong{{"selfcheck", "--runner", "null"}, "nothing to check"},
        Wrong{{"selfcheck", "--law", "normal"}, "lognormal"},
        Wrong{{"selfcheck", "--transport", "no-such"}, "atonce list"},
        Wrong{{"selfcheck", "--seed", "-1"}, "--seed"}, Wrong{{"serve", "--seed", "-1"}, "--seed"},
        Wrong{{"gate", "hundred-calls", "--seed", "-1"}, "--seed"}));

TEST(CommandLine, a_wrong_scenario_file_is_named_with_line_and_key) {
  const Folder folder;
  std::ofstream(folder / "bad.yaml")
      << "name: x\nsummary: y\nload:\n  shape: batch\n  sesions: 3\n";
  const Ended ended = run_atonce({"run", folder / "bad.yaml"});
  EXPECT_EQ(ended.exit_code, 2);
  EXPECT_THAT(ended.err,
              AllOf(HasSubstr("bad.yaml:5"), HasSubstr("sesions"), HasSubstr("sessions")));
}

TEST(CommandLine, a_wrong_server_file_is_named_with_line_and_key) {
  const Folder folder;
  std::ofstream(folder / "bad.yaml") << "routes:\n  - path: /x\n    latency: {uniform: [2s, 1s]}\n";
  const Ended ended = run_atonce({"serve", folder / "bad.yaml"});
  EXPECT_EQ(ended.exit_code, 2);
  EXPECT_THAT(ended.err, AllOf(HasSubstr("bad.yaml:3"), HasSubstr("uniform")));
}

TEST(UnitCostReport, is_a_table_on_the_terminal_and_two_files_beside_the_input) {
  const Folder folder;
  std::ofstream(folder / "costs.json") << R"({"context": {"CPU": "slow"}, "benchmarks": [
            {"name": "unit_costs/thread/switch/real_time", "items_per_second": 5e5}]})";
  const Ended ended = run_atonce({"report", "--unit-costs", folder / "costs.json"});
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_THAT(ended.out, AllOf(HasSubstr("2.00 us"), HasSubstr("unit_costs.html")));
  EXPECT_THAT(read_file(folder / "unit_costs.md"), HasSubstr("| CPU | slow |"));
  EXPECT_THAT(read_file(folder / "unit_costs.html"), HasSubstr("2.00 us"));
}

TEST(UnitCostReport, of_another_file_exits_with_2_and_writes_nothing) {
  const Folder folder;
  std::ofstream(folder / "result.json") << R"({"schema": "atonce.result/1"})";
  const Ended ended = run_atonce({"report", "--unit-costs", folder / "result.json"});
  EXPECT_EQ(ended.exit_code, 2);
  EXPECT_THAT(ended.err, AllOf(HasSubstr("result.json"), HasSubstr("Google Benchmark")));
  EXPECT_FALSE(std::filesystem::exists(folder / "unit_costs.md"));
}

}  // namespace
}  // namespace atonce::testing
