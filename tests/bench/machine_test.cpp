#include "bench/machine.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <thread>
#include <vector>

#include "core/clock.h"
#include "core/step.h"

namespace atonce {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t held = 32 << 20;
constexpr Nanos worked = 60ms;

/// A child that has memory of its own and has used CPU time, and then waits to be killed.
class Child {
 public:
  Child() {
    std::array<int, 2> ready{};
    if (pipe(ready.data()) != 0) throw std::runtime_error("no pipe");
    id_ = fork();
    if (id_ == 0) {
      const std::vector<char> memory(held, 'x');
      perform({.kind = Step::Kind::cpu, .span = worked});
      if (write(ready[1], memory.data(), 1) == 1) pause();
      _exit(0);
    }
    char byte = 0;
    EXPECT_EQ(read(ready[0], &byte, 1), 1);
    close(ready[0]);
    close(ready[1]);
  }
  ~Child() { end(); }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  void end() {
    if (id_ < 0) return;
    kill(id_, SIGKILL);
    waitpid(id_, nullptr, 0);
    id_ = -1;
  }
  std::array<int, 1> ids() const { return {id_}; }

 private:
  pid_t id_ = -1;
};

TEST(Machine, counts_the_cpu_time_of_children_while_they_live_and_after) {
  const Usage before = usage_so_far({});
  Child child;
  const Usage alive = usage_so_far(child.ids()) - before;
  EXPECT_GE(alive.cpu_user, worked);
  EXPECT_GE(alive.voluntary_switches + alive.involuntary_switches, 1u);
  EXPECT_LT((usage_so_far({}) - before).cpu_user, worked);
  child.end();
  // Accounts of ended processes are rounded to microseconds.
  EXPECT_GE((usage_so_far({}) - before).cpu_user, worked - 1ms);
}

TEST(Machine, counts_the_memory_of_children_that_they_do_not_share) {
  const std::vector<char> shared(held, 'y');
  const std::uint64_t alone = peak_resident_bytes({});
  const Child first, second;
  const std::array<int, 2> both{first.ids()[0], second.ids()[0]};
  const std::uint64_t together = peak_resident_bytes(both);
  EXPECT_GE(together, alone + 2 * held);
#ifndef ATONCE_SANITIZED  // whose shadow memory grows with every page that is touched
  EXPECT_LT(together, alone + 3 * held) << "what is shared counts once";
#endif
  EXPECT_EQ(shared.back(), 'y');
}

}  // namespace
}  // namespace atonce
