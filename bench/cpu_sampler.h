#pragma once
/// Reads the CPU time of this process every now and then while a run goes on.

#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

#include "core/clock.h"

namespace atonce {

/// CPU time used since the sampler was made.
struct CpuPoint {
  Nanos at{};  ///< since it was made
  Nanos cpu{};
};

/// Ten times a second; once a second where child processes count too, for each costs a read.
class CpuSampler {
 public:
  /// Its thread runs on `core`, -1 = any; the latest reading is in `latest_ns` too, while it lives.
  CpuSampler(std::vector<int> children, int core, std::atomic<std::uint64_t>& latest_ns);
  /// Ends it; the last point is now.
  std::vector<CpuPoint> stop();

 private:
  void note();

  const std::vector<int> children_;
  std::atomic<std::uint64_t>& latest_ns_;
  const Instant start_;
  Nanos before_{};
  std::vector<CpuPoint> points_;  // of the thread, until it is joined
  std::jthread thread_;
};

}  // namespace atonce
