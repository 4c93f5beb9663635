/// `atonce selfcheck` as a person, or a build server, starts it.

#include <gmock/gmock.h>
#include <signal.h>

#include <nlohmann/json.hpp>

#include "tests/bench/command.h"
#include "tests/support/processes.h"

namespace atonce::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

/// Every runner; with a sanitizer, which slows all down, the cheapest one.
std::vector<std::string> short_check() {
#ifdef ATONCE_SANITIZED
  return {"selfcheck", "--short", "--law", "lognormal", "--runner", "asio_coroutines"};
#else
  return {"selfcheck", "--short", "--law", "lognormal", "--law", "bimodal"};
#endif
}

TEST(SelfcheckCommand, the_numbers_of_this_build_are_right) {
  const Folder folder;
  auto arguments = short_check();
  arguments.insert(arguments.end(), {"--out", folder / "out"});
  const Ended ended = run_atonce(arguments);
  EXPECT_EQ(ended.exit_code, 0) << ended.out << ended.err;
  EXPECT_THAT(ended.out,
              AllOf(HasSubstr("asio_coroutines"), HasSubstr("\nPASS: "), Not(HasSubstr("\x1b"))));
  EXPECT_THAT(ended.err, HasSubstr("asio_coroutines, lognormal, low: PASS"));
  const auto json = nlohmann::json::parse(read_file(folder / "out/selfcheck.json"));
  EXPECT_EQ(json.at("passed"), true);
  for (const auto& row : json.at("rows")) EXPECT_EQ(row.at("reasons").size(), 0u) << row;
}

TEST(SelfcheckCommand, prints_json_for_machines_and_nothing_when_quiet) {
  std::vector<std::string> arguments{"selfcheck", "--short",  "--law",
                                     "fixed",     "--runner", "curl_multi"};
  arguments.push_back("--json");
  const Ended machine = run_atonce(arguments);
  EXPECT_EQ(nlohmann::json::parse(machine.out).at("rows").size(), 2u);
  arguments.back() = "--quiet";
  const Ended quiet = run_atonce(arguments);
  EXPECT_EQ(quiet.exit_code, 0);
  EXPECT_EQ(quiet.out + quiet.err, "");
}

TEST(SelfcheckCommand, an_interrupt_shows_what_was_played) {
  Command command({"selfcheck", "--runner", "asio_coroutines"});
  ASSERT_TRUE(within(20s, [&] { return children_of(command.pid()).size() >= 2; }));
  command.signal(SIGINT);
  const Ended ended = command.wait(30s);
  EXPECT_EQ(ended.exit_code, 130) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("Interrupted: 0 of 10 rows"));
}

}  // namespace
}  // namespace atonce::testing
