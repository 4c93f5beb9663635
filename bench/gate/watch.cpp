#include "bench/gate/watch.h"

#include <algorithm>
#include <sstream>
#include <utility>

namespace atonce::gate {
namespace {

using std::chrono::milliseconds;

constexpr Nanos nap = milliseconds(1);
constexpr Nanos stall = milliseconds(5);

/// Total time so far in which some task waited for a core, where the kernel counts it.
std::optional<Nanos> waited() {
  const auto line = first_line("/proc/pressure/cpu");
  const auto at = line ? line->find("total=") : std::string::npos;
  if (at == std::string::npos) return {};
  std::int64_t microseconds = 0;
  std::istringstream(line->substr(at + 6)) >> microseconds;
  return std::chrono::microseconds(microseconds);
}

}  // namespace

Watch::Watch()
    : start_(now()),
      before_(cpu_time()),
      waited_before_(waited()),
      sleeper_([this](std::stop_token stop) { doze(std::move(stop)); }) {}

void Watch::doze(std::stop_token stop) {
  while (!stop.stop_requested()) {
    const Instant due = now() + nap;
    std::this_thread::sleep_until(due);
    const Nanos late = now() - due;
    if (late < stall) continue;
    stalls_.sum += late;
    stalls_.worst = std::max(stalls_.worst, late);
  }
}

Surroundings Watch::stop() {
  sleeper_.request_stop();
  sleeper_.join();
  Surroundings around;
  const CpuTime after = cpu_time();
  const double total = after.total - before_.total;
  if (total > 0) around.steal = (after.stolen - before_.stolen) / total;
  const auto span = static_cast<double>((now() - start_).count());
  if (const auto waited_after = waited(); waited_after && waited_before_)
    around.pressure = static_cast<double>((*waited_after - *waited_before_).count()) / span;
  around.stalled = stalls_.sum;
  around.worst_stall = stalls_.worst;
  return around;
}

Surroundings worse_of(const Surroundings& a, const Surroundings& b) {
  return {.steal = std::max(a.steal, b.steal),
          .pressure = std::max(a.pressure, b.pressure),
          .involuntary_switches = a.involuntary_switches + b.involuntary_switches,
          .stalled = a.stalled + b.stalled,
          .worst_stall = std::max(a.worst_stall, b.worst_stall),
          .invalid = a.invalid.empty() ? b.invalid : a.invalid};
}

}  // namespace atonce::gate
