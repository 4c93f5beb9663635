#include "bench/machine.h"

#include <malloc.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace atonce {
namespace {

/// As the kernel has it; its header and glibc's cannot be included together.
struct SchedulingAttributes {
  std::uint32_t size = sizeof(SchedulingAttributes), policy = 0;
  std::uint64_t flags = 0;
  std::int32_t nice = 0;
  std::uint32_t priority = 0;
  std::uint64_t runtime_ns = 0, deadline_ns = 0, period_ns = 0;
};

/// The number after "KEY:" in a file of /proc/PROCESS; 0 when it is not there.
std::uint64_t number_in(const std::string& process, const char* file, std::string_view key) {
  std::ifstream lines("/proc/" + process + "/" + file);
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with(key)) return std::stoull(line.substr(key.size()));
  return 0;
}

std::uint64_t status_bytes(std::string_view key) {
  return number_in("self", "status", key) * 1024;
}

/// Each process's share of the memory that belongs to no file.
std::uint64_t anonymous_share(const std::string& process) {
  return number_in(process, "smaps_rollup", "Pss_Anon:") * 1024;
}

/// What `children` add to the memory of this process, which counts as if it shared nothing.
std::uint64_t resident_beside(std::span<const int> children) {
  if (children.empty()) return 0;
  std::uint64_t shares = anonymous_share("self");
  for (const int child : children) shares += anonymous_share(std::to_string(child));
  const std::uint64_t own = status_bytes("RssAnon:");
  return shares > own ? shares - own : 0;
}

Nanos cpu_time_of(int child) {
  clockid_t clock{};
  timespec time{};
  if (clock_getcpuclockid(child, &clock) != 0 || clock_gettime(clock, &time) != 0) return {};
  return std::chrono::seconds(time.tv_sec) + Nanos(time.tv_nsec);
}

void add_switches(Usage& usage, const std::string& process) {
  usage.voluntary_switches += number_in(process, "status", "voluntary_ctxt_switches:");
  usage.involuntary_switches += number_in(process, "status", "nonvoluntary_ctxt_switches:");
}

Nanos to_nanos(const timeval& time) {
  return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
}

}  // namespace

std::vector<int> usable_cores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  std::vector<int> cores;
  if (sched_getaffinity(0, sizeof set, &set) != 0) return cores;
  for (int core = 0; core < CPU_SETSIZE; ++core)
    if (CPU_ISSET(core, &set)) cores.push_back(core);
  return cores;
}

bool pin_to_core(int core) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(core, &set);
  return sched_setaffinity(0, sizeof set, &set) == 0;
}

/// Kernels that know no turns of a given length ignore it.
void sharpen_timers() {
  prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
  SchedulingAttributes turns;
  if (syscall(SYS_sched_getattr, 0, &turns, sizeof turns, 0) != 0) return;
  if (turns.policy != SCHED_OTHER) return;
  turns.size = sizeof turns;
  turns.runtime_ns = 1'000'000;
  syscall(SYS_sched_setattr, 0, &turns, 0);
}

void settle_in(int core) {
  if (core >= 0) pin_to_core(core);
  sharpen_timers();
  raise_open_files();
}

std::size_t raise_open_files() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  getrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_cur;
}

std::size_t open_files() {
  std::error_code none;
  const std::filesystem::directory_iterator files("/proc/self/fd", none);
  return none ? 0 : static_cast<std::size_t>(std::distance(begin(files), end(files)));
}

std::optional<PortRange> ephemeral_ports() {
  std::ifstream file("/proc/sys/net/ipv4/ip_local_port_range");
  PortRange range;
  if (file >> range.first >> range.last) return range;
  return {};
}

std::optional<std::string> first_line(const std::string& file) {
  std::ifstream in(file);
  std::string line;
  if (std::getline(in, line)) return line;
  return {};
}

std::string cpu_model() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);)
    if (line.starts_with("model name")) return line.substr(line.find(": ") + 2);
  return "unknown";
}

std::string clock_source() {
  return first_line("/sys/devices/system/clocksource/clocksource0/current_clocksource")
      .value_or("unknown");
}

CpuTime cpu_time() {
  std::istringstream line(first_line("/proc/stat").value_or(""));
  std::string label;
  line >> label;
  std::array<double, 8> field{};  // user nice system idle iowait irq softirq steal
  for (double& value : field) line >> value;
  CpuTime time;
  for (const double value : field) time.total += value;
  time.stolen = field[7];
  time.busy = time.total - field[3] - field[4];
  return time;
}

std::uint64_t resident_bytes() {
  return status_bytes("VmRSS:");
}

std::uint64_t peak_resident_bytes(std::span<const int> children) {
  return status_bytes("VmHWM:") + resident_beside(children);
}

void forget_peak() {
  malloc_trim(0);
  std::ofstream("/proc/self/clear_refs") << "5";
}

Usage usage_so_far(std::span<const int> children) {
  rusage self{}, ended{};
  getrusage(RUSAGE_SELF, &self);
  getrusage(RUSAGE_CHILDREN, &ended);
  Usage usage;
  usage.cpu_user = to_nanos(self.ru_utime) + to_nanos(ended.ru_utime) + to_nanos(ended.ru_stime);
  usage.cpu_system = to_nanos(self.ru_stime);
  usage.voluntary_switches = static_cast<std::uint64_t>(self.ru_nvcsw + ended.ru_nvcsw);
  usage.involuntary_switches = static_cast<std::uint64_t>(self.ru_nivcsw + ended.ru_nivcsw);
  for (const int child : children) usage.cpu_user += cpu_time_of(child);
  for (const int child : children) add_switches(usage, std::to_string(child));
  return usage;
}

Usage operator-(const Usage& later, const Usage& earlier) {
  Usage used;
  used.cpu_user = later.cpu_user - earlier.cpu_user;
  used.cpu_system = later.cpu_system - earlier.cpu_system;
  used.voluntary_switches = later.voluntary_switches - earlier.voluntary_switches;
  used.involuntary_switches = later.involuntary_switches - earlier.involuntary_switches;
  return used;
}

}  // namespace atonce
