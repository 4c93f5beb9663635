/// Children that do not behave.

#include "bench/child_process.h"

#include <gmock/gmock.h>

#include <stdexcept>
#include <thread>

#include "tests/bench/command.h"
#include "tests/support/processes.h"

namespace atonce::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

ChildProcess shell(const std::string& script) {
  return ChildProcess("/bin/sh", {"-c", script});
}

const std::string megabyte(std::size_t{1} << 20, 'x');

std::string next_line(ChildProcess& child) {
  std::string line;
  EXPECT_EQ(child.read_line(line, now() + 20s), ChildProcess::Read::line);
  return line;
}

TEST(ChildProcess, gets_all_of_its_input) {
  ChildProcess child = shell("wc -c");
  EXPECT_TRUE(child.send_input(megabyte, {}));
  EXPECT_EQ(next_line(child), std::to_string(megabyte.size()));
  EXPECT_EQ(child.wait(now() + 20s), 0);
}

TEST(ChildProcess, that_does_not_read_is_given_up) {
  ChildProcess child = shell("exec sleep 100");
  EXPECT_FALSE(child.send_input(megabyte, {}, 200ms));
}

TEST(ChildProcess, that_does_not_read_can_be_stopped) {
  ChildProcess child = shell("exec sleep 100");
  std::stop_source source;
  const std::jthread stopper([&] {
    std::this_thread::sleep_for(100ms);
    source.request_stop();
  });
  const Instant begin = now();
  EXPECT_FALSE(child.send_input(megabyte, source.get_token(), 100s));
  EXPECT_LT(now() - begin, 50s);
}

TEST(ChildProcess, lines_are_put_together_however_they_come) {
  ChildProcess child = shell("printf ab; read go; printf 'c\\nd\\n'");
  std::string line;
  EXPECT_EQ(child.read_line(line, now() + 200ms), ChildProcess::Read::nothing_yet);
  EXPECT_TRUE(child.send_input("go\n", {}));
  EXPECT_EQ(next_line(child), "abc");
  EXPECT_EQ(next_line(child), "d");
  EXPECT_EQ(child.read_line(line, now() + 20s), ChildProcess::Read::end);
}

TEST(ChildProcess, a_line_without_end_is_waited_for_no_longer_than_asked) {
  ChildProcess child = shell("exec cat /dev/zero");
  std::string line;
  EXPECT_EQ(child.read_line(line, now() + 20ms), ChildProcess::Read::nothing_yet);
}

TEST(ChildProcess, a_line_without_end_is_an_error_in_the_end) {
  ChildProcess child = shell("exec cat /dev/zero");
  std::string line;
  // To look for the break in all of it again after every piece would take minutes.
  EXPECT_THAT([&] { child.read_line(line, now() + 10s); },
              ThrowsMessage<std::runtime_error>(HasSubstr("more than 256 MiB")));
}

bool ends(pid_t process) {
  return within(20s, [&] { return !is_alive(process); });
}

TEST(ChildProcess, what_it_has_started_is_killed_with_it) {
  pid_t grandchild = 0;
  {
    ChildProcess wrapper = shell("sleep 100 & echo $!; wait");
    grandchild = std::stoi(next_line(wrapper));
    ASSERT_TRUE(is_alive(grandchild));
  }
  EXPECT_TRUE(ends(grandchild));
}

TEST(ChildProcess, what_it_leaves_behind_ends_with_it) {
  ChildProcess wrapper = shell("sleep 100 & echo $!");
  const pid_t grandchild = std::stoi(next_line(wrapper));
  EXPECT_EQ(wrapper.wait(now() + 20s), 0);
  EXPECT_TRUE(ends(grandchild));
}

}  // namespace
}  // namespace atonce::testing
