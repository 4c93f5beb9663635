#include "bench/call_stream.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>

#include "tests/bench/command.h"

namespace atonce::testing {
namespace {

CallRecord call(std::uint32_t session) {
  return {.session = session,
          .attempts = 1,
          .outcome = Outcome::ok,
          .due = from_ns(2000),
          .ready = from_ns(2000),
          .done = from_ns(5000)};
}

TEST(CallStream, writes_times_since_the_start_of_the_run) {
  const Folder folder;
  create_call_file(folder / "calls.csv");
  CallStream stream(folder / "calls.csv", {.runner = "r", .transport = "t,u", .cap = unlimited},
                    -1);
  stream.begin(from_ns(1500));
  stream.on_call(call(7), true);
  EXPECT_EQ(stream.finish(), 0u);
  const std::string text = read_file(folder / "calls.csv");
  EXPECT_TRUE(text.ends_with("\nr,\"t,u\",,unlimited,0,7,0,0,1,ok,,1,500,500,,,,3500,3000,\n"))
      << text;
}

/// Limits how large a file of this process may become, as a full disk would.
class SmallFiles {
 public:
  explicit SmallFiles(rlim_t bytes) {
    std::signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit small{.rlim_cur = bytes, .rlim_max = before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &small);
  }
  ~SmallFiles() { setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  rlimit before_{};
};

TEST(CallStream, a_disk_that_is_full_ends_the_file_after_a_whole_line_and_the_rest_is_counted) {
  const Folder folder;
  create_call_file(folder / "calls.csv");
  constexpr std::uint64_t calls = 5000;
  std::uint64_t lost = 0;
  {
    const SmallFiles limit(50'000);
    CallStream stream(folder / "calls.csv", {.runner = "r", .transport = ""}, -1);
    stream.begin(from_ns(1500));
    for (std::uint32_t i = 0; i < calls; ++i) stream.on_call(call(i), false);
    lost = stream.finish();
  }
  const std::string text = read_file(folder / "calls.csv");
  EXPECT_TRUE(text.ends_with('\n'));
  const auto lines = static_cast<std::uint64_t>(std::ranges::count(text, '\n')) - 1;
  EXPECT_GT(lines, 100u);
  EXPECT_EQ(lines + lost, calls);
}

}  // namespace
}  // namespace atonce::testing
