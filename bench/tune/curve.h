#pragma once
/// All that is known of the levels probed so far.

#include <cstddef>
#include <map>
#include <optional>
#include <vector>

#include "bench/tune/objective.h"
#include "bench/tune/probe.h"
#include "bench/tune/statistics.h"

namespace atonce::tune {

/// Probes of one level, put together.
struct LevelData {
  std::vector<Block> blocks{};
  Histogram response_time{};
  std::size_t probes = 0;
  std::size_t stalls = 0;

  Seconds measured() const;
  /// Calls that ended, and those that ended well, per second.
  double rate() const;
  double throughput() const;
};

class Curve {
 public:
  explicit Curve(std::vector<Slo> slos) : slos_(std::move(slos)) {}

  /// What counts of it: see Probe::counted().
  void add(const Probe& probe);
  /// Of that level nothing is known any more.
  void forget(std::size_t level) { levels_.erase(level); }

  const std::vector<Slo>& slos() const { return slos_; }
  const std::map<std::size_t, LevelData>& levels() const { return levels_; }
  /// Nothing where it has not been probed.
  const LevelData* find(std::size_t level) const;

  /// ln(share of bad calls / share allowed), of the objective where it is largest.
  double excess(const LevelData& data) const;
  /// More bad calls than allowed, and not likely by chance.
  bool looks_bad(const LevelData& data) const;
  /// Of all levels, per objective; 1 at least.
  double dispersion(std::size_t slo) const;
  /// How surprising it is if the level just met its objectives: below, that it meets all; above,
  /// that it misses one, corrected for their number.
  Surprise surprise(const LevelData& data) const;
  std::size_t stalls() const;

  /// The highest level that does not look bad, and the lowest above it that does.
  struct Bracket {
    std::optional<std::size_t> good, bad;
  };
  Bracket bracket() const;

 private:
  std::vector<Slo> slos_;
  std::map<std::size_t, LevelData> levels_;
};

}  // namespace atonce::tune
