#pragma once
/// What pairs of one arm against itself say about this machine.

#include <filesystem>
#include <string>
#include <vector>

#include "bench/gate/judge.h"

namespace atonce::gate {

struct CellCalibration {
  CellInfo info;
  double value = 0;        ///< median of the slices
  double noise = 0;        ///< standard deviation of the differences
  double correlation = 0;  ///< of a difference with the next one
  double position = 0;     ///< cost of being the second slice, as a share
  double detectable = 0;   ///< see smallest_detectable(), within a job's usual budget
};

/// Jobs of the usual budget in which the candidate is worse by `worse_by`.
struct Found {
  std::string where;  ///< "all cells", or the one that is worse
  std::size_t jobs = 0, failed = 0;
  Nanos median{};  ///< until FAIL, of the jobs that FAIL
};
inline constexpr double worse_by = 0.10;

struct Calibration {
  std::vector<CellCalibration> cells;
  std::size_t pairs = 0, dropped = 0;
  std::size_t pairs_in_budget = 0;  ///< of a job of the usual five minutes
  /// Jobs made of blocks of these pairs, baseline and candidate dealt anew by coins.
  std::size_t jobs = 0, failed = 0, passed = 0;
  double most_false_fails = 1;  ///< 95 % upper bound on the share of jobs that FAIL
  std::vector<Found> worse{};   ///< in all cells first, then in each alone
};

/// Fewer pairs say nothing.
inline constexpr std::size_t fewest_pairs = 10;

Calibration calibration_of(const Record& record);

/// Writes gate.json, calibration.json and calibration.md below `dir`.
void write_calibration(const Record& record, const Calibration& calibration,
                       const std::filesystem::path& dir);
std::string calibration_text(const Record& record, const Calibration& calibration, bool colour,
                             int width);

}  // namespace atonce::gate
