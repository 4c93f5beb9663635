#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

#include "bench/micro/unit_costs/child_pipe.h"
#include "bench/micro/unit_costs/one_core.h"
#include "bench/micro/unit_costs/task_limits.h"
#include "bench/micro/unit_costs/unit_costs.h"
#include "bench/micro/unit_costs/unit_kind.h"

namespace atonce {
namespace {

[[noreturn]] void fail(int error, const char* what) {
  throw std::system_error(error, std::generic_category(), what);
}

/// In the child only calls that are safe after a fork of a process with threads.
template <class Body>
pid_t forked(Body body) {
  const pid_t child = fork();
  if (child < 0) fail(errno, "fork");
  if (child > 0) return child;
  body();
  _exit(0);
}

/// This program again, which says so on `output` and ends when `input` does.
pid_t spawned(int input, int output) {
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, input, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO);
  std::string name = "atonce", argument(wait_argument);
  char* const arguments[] = {name.data(), argument.data(), nullptr};
  pid_t child = -1;
  const int error = posix_spawn(&child, "/proc/self/exe", &files, nullptr, arguments, environ);
  posix_spawn_file_actions_destroy(&files);
  if (error != 0) fail(error, "posix_spawn");
  return child;
}

void join(pid_t child) {
  while (waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
  }
}

void create_join_forked(benchmark::State& state) {
  for (auto _ : state) join(forked([] {}));
  count_items(state, 1);
}

void create_join_spawned(benchmark::State& state) {
  ChildPipe input, output;
  input.close_write_end();
  for (auto _ : state) {
    join(spawned(input.read_end(), output.write_end()));
    output.take();
  }
  count_items(state, 1);
}

/// The other process sends each byte back.
void change_forked(benchmark::State& state) {
  const OneCore pinned;
  ChildPipe there, back;
  const pid_t other = forked([&] {
    there.close_write_end();
    while (there.take()) back.put();
  });
  for (auto _ : state) {
    there.put();
    back.take();
  }
  there.close_write_end();
  join(other);
  count_items(state, 2);
}

/// Processes that wait for the gate to close. They end with it, also when one cannot be made.
class Family {
 public:
  ~Family() {
    gate_.close_write_end();
    for (const pid_t child : children_) join(child);
  }

  void fork_one() {
    add(forked([this] {
      gate_.close_write_end();
      ready_.put();
      gate_.take();
    }));
  }
  void spawn_one() { add(spawned(gate_.read_end(), ready_.write_end())); }

 private:
  void add(pid_t child) {
    children_.push_back(child);
    ready_.take();
  }

  ChildPipe gate_, ready_;
  std::vector<pid_t> children_;
};

template <void (Family::*add)()>
void hold(std::size_t units, const std::function<void()>& reading) {
  Family family;
  (family.*add)();
  reading();
  for (std::size_t i = 0; i < units; ++i) (family.*add)();
  reading();
}

}  // namespace

const UnitKind process_kind{.name = "process",
                            .create_join = create_join_forked,
                            .change = change_forked,
                            .hold = hold<&Family::fork_one>,
                            .counts = {1, 100, 1'000},
                            .no_room = no_room_for_processes,
                            .shared_work = true};

const UnitKind program_kind{.name = "program",
                            .create_join = create_join_spawned,
                            .change = nullptr,
                            .hold = hold<&Family::spawn_one>,
                            .counts = {1, 100},
                            .no_room = no_room_for_processes,
                            .shared_work = true};

}  // namespace atonce
