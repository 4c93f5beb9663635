#pragma once
/// What a search says: the level to set and everything that is reported with it.

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "bench/tune/curve.h"
#include "bench/tune/models.h"
#include "bench/tune/tuning.h"

namespace atonce::tune {

/// A level with its figures. One that was not probed lies between two that were.
struct LevelRow {
  double level = 0;
  bool probed = true;
  std::size_t probes = 0;
  double throughput = 0;  ///< ok calls per second
  Bounds throughput_bounds{};
  double p50 = 0, p90 = 0, tail = 0;   ///< ns; the tail at tail_quantile_of()
  Bounds tail_bounds{};                ///< 0 where there are too few calls
  std::vector<double> shares{};        ///< of bad calls, per objective
  std::vector<Bounds> share_bounds{};  ///< 95 %
  double failed = 0;                   ///< share of calls
  Standing standing = Standing::open;
};

struct Answer {
  std::optional<std::size_t> level{};  ///< to set
  bool is_complete = true;             ///< the search came to its end: see Tuning::is_open
  std::string headline{};
  std::string badge{};           ///< "FOUND", "NONE MEETS", "UNDECIDED", "CLIENT-LIMITED", "FAILED"
  std::vector<LevelRow> rows{};  ///< all levels that were probed
  std::vector<LevelRow> around{};  ///< at about 1/2, 3/4, 1, 5/4 and 2 times `level`, where known
  std::string cause{};             ///< what breaks beyond the level
  std::optional<UslFit> usl{};
  std::optional<CeilingFit> ceiling{};
  std::optional<WorkersFit> workers{};
  std::string model{};                 ///< the one that fits best, in words
  std::vector<std::string> remarks{};  ///< a sentence per flag, and what is still open
};

Answer answer_of(const Tuning& tuning);

/// That of the first latency objective, else 0.99.
double tail_quantile_of(const Rules& rules);

/// "cap 44", "44 connections", "44 sessions/s".
std::string level_text(Vary vary, std::size_t level);
/// "44 to 47", "44 or more", "below 48", "not known".
std::string interval_text(const LevelInterval& interval);

}  // namespace atonce::tune
