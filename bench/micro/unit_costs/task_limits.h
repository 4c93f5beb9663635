#pragma once
/// How many stacks, threads and processes this machine lets us have.

#include <cstddef>
#include <optional>
#include <string>

namespace atonce {

/// Why that many more stacks, with a guard page each, cannot be mapped; nothing when they can.
std::optional<std::string> no_room_for_stacks(std::size_t units);
/// The same for processes: RLIMIT_NPROC, threads-max, pid_max, and pids.max of our cgroup.
std::optional<std::string> no_room_for_processes(std::size_t units);
/// The same for threads, which need both.
std::optional<std::string> no_room_for_threads(std::size_t units);

}  // namespace atonce
