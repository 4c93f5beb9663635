/// The mock server as a program of its own.

#include <gmock/gmock.h>
#include <signal.h>

#include "tests/bench/command.h"

namespace atonce::testing {
namespace {

using ::testing::HasSubstr;
using namespace std::chrono_literals;

class ServeStop : public ::testing::TestWithParam<int> {};

TEST_P(ServeStop, is_clean_after_a_ready_line) {
  Command server({"serve", "--profile", "instant"});
  ASSERT_TRUE(within(20s, [&] { return server.out_so_far().ends_with("\n"); }));
  EXPECT_THAT(server.out_so_far(), HasSubstr("atonce: serving on http://127.0.0.1:"));
  server.signal(GetParam());
  const Ended ended = server.wait(20s);
  EXPECT_EQ(ended.exit_code, 0);
  EXPECT_EQ(ended.err, "");
}

INSTANTIATE_TEST_SUITE_P(OnSignal, ServeStop, ::testing::Values(SIGINT, SIGTERM));

TEST(Serve, a_port_that_is_taken_is_a_clear_error) {
  Command first({"serve", "--profile", "instant"});
  ASSERT_TRUE(within(20s, [&] { return first.out_so_far().ends_with("\n"); }));
  const std::string line = first.out_so_far();
  const std::string port = line.substr(line.rfind(':') + 1, line.size() - line.rfind(':') - 2);
  const Ended second = run_atonce({"serve", "--profile", "instant", "--port", port});
  EXPECT_EQ(second.exit_code, 2);
  EXPECT_THAT(second.err, HasSubstr(port));
}

}  // namespace
}  // namespace atonce::testing
