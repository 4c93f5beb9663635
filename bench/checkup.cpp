#include "bench/checkup.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <fstream>
#include <thread>

#include "bench/machine.h"
#include "core/clock.h"
#include "core/histogram.h"
#include "core/units.h"

namespace atonce {
namespace {

using std::chrono::milliseconds;

/// A closed connection keeps its port this long (Linux, TIME_WAIT).
constexpr double port_rest_seconds = 60;

Finding check_cores() {
  const auto cores = usable_cores();
  const auto value = fmt::format("{} ({})", cores.size(), fmt::join(cores, ", "));
  if (cores.size() >= 2) return {Health::ok, "cores", value, "mock server and client get one each"};
  return {Health::warning, "cores", value,
          "mock server and client share it: expect higher overhead"};
}

Finding check_open_files(const IntendedLoad& load) {
  const std::size_t files = raise_open_files();
  const std::size_t needed = load.in_flight + spare_files;
  if (needed <= files) return {Health::ok, "open files", fmt::format("{}", files), ""};
  return {Health::failure, "open files", fmt::format("{}, needed {}", files, needed),
          "raise the hard limit: ulimit -Hn, or LimitNOFILE in the service"};
}

Finding check_clock() {
  constexpr int reads = 100'000;
  const Instant begin = now();
  for (int i = 1; i < reads; ++i) now();
  const Nanos each = (now() - begin) / reads;
  const auto value = fmt::format("{}, {} a reading", clock_source(), format_duration(each));
  if (each < Nanos{200}) return {Health::ok, "clock", value, ""};
  return {Health::warning, "clock", value, "readings are slow: they show in the client overhead"};
}

Finding check_timer() {
  sharpen_timers();
  Histogram late;
  for (int i = 0; i < 200; ++i) {
    const Instant due = now() + milliseconds(1);
    std::this_thread::sleep_until(due);
    late.record(now() - due);
  }
  const auto value =
      fmt::format("wakes up {} late at p50, {} at p99", format_duration(late.quantile(0.5)),
                  format_duration(late.quantile(0.99)));
  if (late.quantile(0.99) < milliseconds(1)) return {Health::ok, "timer", value, ""};
  return {Health::warning, "timer", value, "calls will start late: something else uses the cores"};
}

Finding check_neighbours() {
  const CpuTime before = cpu_time();
  std::this_thread::sleep_for(milliseconds(300));
  const CpuTime after = cpu_time();
  const double total = std::max(after.total - before.total, 1.0);
  const double busy = (after.busy - before.busy) / total;
  const double stolen = (after.stolen - before.stolen) / total;
  const auto value =
      fmt::format("{:.0f} % busy, {:.1f} % stolen by the host", 100 * busy, 100 * stolen);
  if (busy < 0.2 && stolen < 0.02) return {Health::ok, "neighbours", value, ""};
  return {Health::warning, "neighbours", value, "the cores are shared: results will be noisier"};
}

Finding check_memory(const IntendedLoad& load) {
  std::ifstream info("/proc/meminfo");
  double available = 0;
  for (std::string key, rest; info >> key && std::getline(info, rest);)
    if (key == "MemAvailable:") available = std::stod(rest) * 1024;
  // The dearest model measured: a thread with its stack and its HTTP client.
  constexpr double dearest_call = 256 * 1024;
  const double needed = dearest_call * static_cast<double>(load.in_flight);
  const auto value = format_bytes(available) + " available";
  if (needed < available) return {Health::ok, "memory", value, ""};
  return {Health::warning, "memory", value, "thread-like runners may not fit at this concurrency"};
}

}  // namespace

Finding check_ports(const IntendedLoad& load) {
  const auto range = ephemeral_ports();
  if (!range) return {Health::warning, "ports", "unknown", "no /proc/sys/net/ipv4"};
  const double resting = load.keep_alive ? 0 : load.rate * port_rest_seconds;
  const double needed = static_cast<double>(load.in_flight) + resting;
  const auto value = fmt::format("{} ({}-{})", range->size(), range->first, range->last);
  if (needed <= 0.9 * range->size()) return {Health::ok, "ports", value, ""};
  return {Health::failure, "ports", fmt::format("{}, needed about {:.0f}", value, needed),
          "keep connections alive, or widen net.ipv4.ip_local_port_range"};
}

std::vector<Finding> check_machine(const IntendedLoad& load) {
  return {check_cores(), check_open_files(load), check_ports(load), check_memory(load),
          check_clock(), check_timer(),          check_neighbours()};
}

}  // namespace atonce
