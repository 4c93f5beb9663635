#include "bench/gate/fingerprint.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "bench/environment.h"
#include "bench/gate/job.h"
#include "bench/machine.h"
#include "core/random.h"

namespace atonce::gate {
namespace {

/// Another value of one of these is another experiment.
constexpr std::array<std::string_view, 6> decisive{"CPU",      "cores", "hypervisor",
                                                   "scenario", "slice", "arm"};

std::uint64_t text_hash(std::string_view text) {
  std::uint64_t value = mix(text.size());
  for (const char c : text) value = mix(value ^ static_cast<unsigned char>(c));
  return value;
}

std::string hypervisor() {
  for (const char* file : {"/sys/hypervisor/type", "/sys/class/dmi/id/sys_vendor"})
    if (const auto line = first_line(file); line && !line->empty()) return *line;
  return "unknown";
}

std::string memory_limit() {
  return first_line("/sys/fs/cgroup/memory.max").value_or("unknown");
}

std::string cpu_limit() {
  return first_line("/sys/fs/cgroup/cpu.max").value_or("unknown");
}

/// How the baseline plays, which a candidate beside stored figures must do as well.
std::string describe_play(const ArmSettings& settings) {
  return fmt::format("cap {}", settings.cap);
}

}  // namespace

Facts fingerprint(const JobRequest& request) {
  Facts facts = describe_environment();
  facts.insert(
      facts.end(),
      {{"hypervisor", hypervisor()},
       {"boot", first_line("/proc/sys/kernel/random/boot_id").value_or("unknown")},
       {"CPU limit", cpu_limit()},
       {"memory limit", memory_limit()},
       {"scenario",
        fmt::format("{} {:016x}", request.scenario.name,
                    text_hash(request.scenario.text) ^ text_hash(request.baseline.server_text))},
       {"time scale", fmt::format("{}", request.scenario.time_scale)},
       {"slice", fmt::format("{} + {} ns", request.warm_up.count(), request.measured.count())},
       {"arm", describe_play(request.baseline.settings)}});
  return facts;
}

Facts differing(const Facts& stored, const Facts& here) {
  Facts differences;
  const auto find = [](const Facts& facts, const std::string& key) {
    const auto found = std::ranges::find(facts, key, &Facts::value_type::first);
    return found == facts.end() ? std::optional<std::string>() : found->second;
  };
  for (const auto& [key, value] : here)
    if (const auto other = find(stored, key); other != value)
      differences.emplace_back(key, other.value_or("nothing") + " -> " + value);
  for (const auto& [key, value] : stored)
    if (!find(here, key)) differences.emplace_back(key, value + " -> nothing");
  return differences;
}

Likeness likeness(const Facts& differing) {
  if (differing.empty()) return Likeness::exact;
  const bool foreign = std::ranges::any_of(differing, [](const auto& fact) {
    return std::ranges::count(decisive, std::string_view(fact.first)) > 0;
  });
  return foreign ? Likeness::foreign : Likeness::compatible;
}

}  // namespace atonce::gate
