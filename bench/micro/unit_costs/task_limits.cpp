#include "bench/micro/unit_costs/task_limits.h"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <fstream>

#include "bench/machine.h"

namespace atonce {
namespace {

/// Nothing where the file is not there or says "max".
std::optional<std::size_t> number_in(const std::string& file) {
  std::ifstream in(file);
  std::size_t number = 0;
  if (in >> number) return number;
  return {};
}

/// Of the whole machine: the second number of "running/existing" in /proc/loadavg.
std::size_t existing_tasks() {
  const auto line = first_line("/proc/loadavg").value_or("/0");
  return std::stoul(line.substr(line.find('/') + 1));
}

/// Where our cgroup counts tasks: version 2 has one tree, version 1 one for each controller.
std::optional<std::size_t> cgroup_limit() {
  std::ifstream groups("/proc/self/cgroup");
  for (std::string line; std::getline(groups, line);) {
    const auto path = line.substr(line.rfind(':') + 1);
    if (line.starts_with("0::"))
      if (const auto limit = number_in("/sys/fs/cgroup" + path + "/pids.max")) return limit;
    if (line.find(":pids:") != line.npos)
      if (const auto limit = number_in("/sys/fs/cgroup/pids" + path + "/pids.max")) return limit;
  }
  return {};
}

std::optional<std::string> above(std::string_view limit, std::optional<std::size_t> allowed,
                                 std::size_t wanted) {
  if (!allowed || wanted <= *allowed) return {};
  return fmt::format("{} allows {}, {} are needed", limit, *allowed, wanted);
}

std::optional<std::size_t> user_limit() {
  rlimit limit{};
  const bool root = geteuid() == 0;  // to whom the limit does not apply
  if (root || getrlimit(RLIMIT_NPROC, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return {};
  return limit.rlim_cur;
}

}  // namespace

std::optional<std::string> no_room_for_stacks(std::size_t units) {
  constexpr std::size_t mappings_of_a_program = 1'000;
  return above("vm.max_map_count", number_in("/proc/sys/vm/max_map_count"),
               2 * units + mappings_of_a_program);
}

std::optional<std::string> no_room_for_processes(std::size_t units) {
  const std::size_t wanted = units + existing_tasks();
  for (const auto& reason :
       {above("RLIMIT_NPROC", user_limit(), wanted),
        above("kernel.threads-max", number_in("/proc/sys/kernel/threads-max"), wanted),
        above("kernel.pid_max", number_in("/proc/sys/kernel/pid_max"), wanted),
        above("pids.max of the cgroup", cgroup_limit(), wanted)})
    if (reason) return reason;
  return {};
}

std::optional<std::string> no_room_for_threads(std::size_t units) {
  if (auto reason = no_room_for_stacks(units)) return reason;
  return no_room_for_processes(units);
}

}  // namespace atonce
