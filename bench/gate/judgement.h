#pragma once
/// What a record says: the verdict and everything that is reported with it.

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "bench/gate/judge.h"

namespace atonce::gate {

enum class Answer : unsigned char { pass, fail, inconclusive, run_failed };
/// "PASS", "FAIL", "INCONCLUSIVE", "RUN FAILED".
std::string_view name(Answer answer);

enum class CellState : unsigned char {
  sound,      ///< proved not to be worse by a regression
  worse,      ///< proved to be worse than tolerated
  better,     ///< proved to be better than tolerated
  suspected,  ///< something is worse, and this has most to do with it
  open,
};
std::string_view name(CellState state);

/// Effects are shares: 0.1 = 10 % worse.
struct CellReport {
  CellInfo info;
  CellState state = CellState::open;
  double baseline = 0, candidate = 0;  ///< medians of the slices
  double effect = 0;                   ///< Hodges and Lehmann's estimate
  double low = 0, high = 0;            ///< 95 % confidence sequence; infinite at first
  double noise = 0;                    ///< standard deviation of the differences
  double detectable = 0;               ///< see smallest_detectable()
  double position = 0;                 ///< cost of being the second slice
  double sign_flip_p = 1;
  double worse_wealth = 1, sound_wealth = 1;
};

/// Calls of an arm, but for those of disturbed pairs.
struct ErrorReport {
  std::uint64_t calls = 0, errors = 0;
  double wealth = 1;
};

struct Judgement {
  Answer answer = Answer::inconclusive;
  bool interrupted = false;
  bool advisory = false;  ///< the design does not allow a verdict; `suggests` is what it would be
  Answer suggests = Answer::inconclusive;
  bool suspicion = false;  ///< evidence enough for FAIL, whatever the control arm says
  bool improved = false;   ///< some cell is better than tolerated
  std::string reason;      ///< a sentence
  std::vector<CellReport> cells;
  // Evidence; thresholds.h says how much is enough.
  double worse_wealth = 1;              ///< mean over the cells
  double control_wealth = 1;            ///< the larger of both directions
  std::array<ErrorReport, 2> errors{};  ///< by Side
  std::size_t used = 0, controls = 0, dropped = 0;
  std::map<std::string, std::size_t> drop_reasons;
  std::size_t pairs_in_budget = 0;  ///< as many as `detectable` reckons with
};

Judgement judgement_of(const Record& record);

/// Of so many pairs those that are not controls, when it ends in FAIL.
std::size_t compared_of(std::size_t pairs, const Rules& rules);

/// Median of one side's slices in the cell of that index, controls left out.
double median_value(const Record& record, Side side, std::size_t cell);
/// Standard deviation; 0 of fewer than two.
double deviation(const std::vector<double>& values);

enum class FailOn : unsigned char { regression, inconclusive, improvement };

/// 0, 1, 3, 5 or 130: bench/exit_codes.h.
int exit_code_of(const Judgement& judgement, const std::set<FailOn>& fail_on);

}  // namespace atonce::gate
