#pragma once
/// What this process may ask of its machine.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/result.h"

namespace atonce {

/// The cores this process may run on.
std::vector<int> usable_cores();
/// False when the kernel refuses.
bool pin_to_core(int core);

/// Makes the calling thread, and those it starts later, wake up as exactly as the kernel can: no
/// timer slack, and (from Linux 6.12 on) turns of 1 ms, so that a thread that wakes up need not
/// wait for the end of the longer turn of another program. Neither priority nor share of the CPU
/// change.
void sharpen_timers();

/// Readies this process to play trials: pins it to `core` unless that is negative, sharpens its
/// timers, raises its limit of open files. Before it starts threads, which inherit this.
void settle_in(int core);

/// Descriptors that a trial has open whatever its load, generously.
inline constexpr std::size_t spare_files = 64;

/// Raises the limit of open files to what is allowed; returns the limit in force.
std::size_t raise_open_files();

/// Descriptors that this process has open now; 0 when /proc is not there.
std::size_t open_files();

/// The range of ports for outgoing connections.
struct PortRange {
  unsigned first = 0, last = 0;
  unsigned size() const { return last - first + 1; }
};
std::optional<PortRange> ephemeral_ports();

/// First line of a file, or nothing.
std::optional<std::string> first_line(const std::string& file);

/// "model name" and the like of /proc/cpuinfo.
std::string cpu_model();

/// "tsc" and the like.
std::string clock_source();

/// Jiffies of all cores since boot; 0 when /proc is not there.
struct CpuTime {
  double busy = 0, stolen = 0, total = 0;
};
CpuTime cpu_time();

/// Resident bytes of this process now; 0 when /proc is not there.
std::uint64_t resident_bytes();
/// Largest resident bytes since the last forget_peak(), and what `children` hold now: memory that
/// they share with us, or with each other, counts once, and what is mapped from files not at all.
std::uint64_t peak_resident_bytes(std::span<const int> children);
void forget_peak();

/// CPU time and context switches so far, of this process, of its children that were waited for, and
/// of `children`, which were not. Of children the sum of CPU time is known; it counts as user time.
/// Wall and memory are left 0.
Usage usage_so_far(std::span<const int> children);
/// What was used between two readings.
Usage operator-(const Usage& later, const Usage& earlier);

}  // namespace atonce
