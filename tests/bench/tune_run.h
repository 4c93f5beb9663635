#pragma once
/// The tuner on servers in virtual time.

#include <string>

#include "bench/tune/sim/catalogue.h"
#include "bench/tune/tuner.h"

namespace atonce::testing {

struct NoWatcher : tune::Watcher {
  void probe_begins(const tune::Tuning&, const tune::ProbeOrder&) override {}
  void probe_ended(const tune::Tuning&) override {}
};

inline tune::Tuning tuned(const tune::Rules& rules, tune::Target& target) {
  NoWatcher watcher;
  return tune::tune(rules, target, watcher);
}

inline tune::Tuning tuned(const tune::sim::Truth& truth, std::uint64_t seed) {
  tune::sim::VirtualTarget target = truth.target(seed);
  return tuned(truth.rules(), target);
}

/// Level by level what was probed and what came of it, for messages.
inline std::string story(const tune::Tuning& tuning) {
  std::string out;
  for (const auto& probe : tuning.probes)
    out += std::string(name(probe.order.purpose)) + " " + std::to_string(probe.order.level) + "; ";
  for (const auto& verdict : tuning.verdicts)
    out += std::to_string(verdict.level) + " " + std::string(name(verdict.standing)) + ", ";
  for (const auto flag : tuning.flags) out += std::string(name(flag, tuning.rules.range)) + " ";
  return out;
}

}  // namespace atonce::testing
