#pragma once
/// When the server is frozen: the stop of a garbage collector, a fail-over, a disk that hangs.

#include <atomic>
#include <optional>
#include <vector>

#include "core/clock.h"
#include "core/config.h"

namespace atonce::mock {

struct Freeze {
  Nanos at{};    ///< since the first attempt after a reset
  Nanos span{};  ///< how long it lasts
  /// From the beginning of one to that of the next; without it there is one only.
  std::optional<Nanos> every{};
};

/// A list of {at, for, every}. Throws ConfigError, also when the server would hardly ever thaw.
std::vector<Freeze> parse_freezes(const ConfigNode& node);

/// All freezes since a reset, as points in time. Thread-safe.
class Freezes {
 public:
  Freezes(const std::vector<Freeze>& freezes, double time_scale);

  bool is_empty() const { return freezes_.empty(); }

  /// An attempt arrived: the time of all freezes counts from the first one.
  void begin(Instant arrival);

  /// When the freeze ends that has the server at `at`, with those that follow it without a gap;
  /// `at` itself when none has.
  Instant thaw(Instant at) const;

 private:
  std::vector<Freeze> freezes_;
  std::atomic<Instant> origin_ = unset;
};

}  // namespace atonce::mock
