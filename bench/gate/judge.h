#pragma once
/// The decision rule: pairs go in, a verdict comes out. Pure, so that a live job, a replay of
/// stored pairs and a simulation run the very same code.

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "bench/gate/record.h"
#include "core/evidence.h"

namespace atonce::gate {

/// ln(candidate / baseline) in the cell of that index, turned so that more is worse; nothing when a
/// figure is missing or not positive.
std::optional<double> difference(const CellInfo& cell, const Slice& baseline,
                                 const Slice& candidate, std::size_t index);

/// Takes out what the second slice of a pair costs for being second. The estimate comes from
/// earlier pairs alone, and the coin does not know it: so what is left is as symmetric as before.
class PositionEffect {
 public:
  /// The difference without the effect as far as it is known; then learns from it.
  double remove(double difference, bool candidate_first);
  /// Half the difference between the medians of both orders, drawn towards 0 while they are few.
  double estimate() const;

 private:
  std::vector<double> first_, second_;  // differences when the candidate came first, second
};

/// Evidence on one cell.
class CellEvidence {
 public:
  explicit CellEvidence(const Rules& rules);

  void add(double difference, bool candidate_first);

  /// Log wealth against "not worse than tolerated", "worse by a regression", "not better than
  /// tolerated".
  double worse() const { return worse_.log_wealth(); }
  double sound() const { return sound_.log_wealth(); }
  double better() const { return better_.log_wealth(); }
  const std::vector<double>& differences() const { return differences_; }
  double position() const { return position_.estimate(); }

 private:
  Evidence worse_, sound_, better_;
  PositionEffect position_;
  std::vector<double> differences_;
};

/// One arm against another in all cells.
class Contest {
 public:
  Contest(std::size_t cells, const Rules& rules);

  void add(std::span<const double> differences, bool candidate_first);

  const std::vector<CellEvidence>& cells() const { return cells_; }
  /// Log of the mean wealth over the cells. A mean of e-processes is one, whatever their
  /// dependence, and it is never less than what Bonferroni's correction leaves of the largest.
  double worse() const;
  double better() const;

 private:
  std::vector<CellEvidence> cells_;
};

/// Which cells may be named as having changed, all claims being right together as often as one
/// that takes `enough`: those for which every set of cells that holds them has a mean wealth of so
/// much (closed testing with e-values, Vovk and Wang 2021).
std::vector<bool> attributed(std::span<const double> log_wealth, double enough);

/// Evidence on the calls of one arm that fail. They cluster within a slice, so that it is the slice
/// that counts.
class ErrorEvidence {
 public:
  explicit ErrorEvidence(const Rules& rules)
      : most_(rules.most_errors), evidence_(rules.most_errors) {}

  void add(const Slice& slice);

  /// Log wealth against "no more fail than may".
  double too_many() const { return evidence_.log_wealth(); }
  /// More have failed so far than may, which need not prove anything yet.
  bool seem_too_many() const;
  std::uint64_t calls() const { return calls_; }
  std::uint64_t errors() const { return errors_; }

 private:
  double most_;
  ShareEvidence evidence_;
  std::uint64_t calls_ = 0, errors_ = 0;
};

enum class Decision : unsigned char {
  none,  ///< go on
  pass,
  regression,
  candidate_errors,  ///< its calls fail
  baseline_errors,
  control_failed,      ///< baseline differs from itself
  spoiled,             ///< the environment spoilt too many pairs
  candidate_unusable,  ///< its slices did
  baseline_unusable,
  out_of_budget,
};

/// Whether the pair after `pairs` others is a control pair anyway.
bool is_control_turn(std::size_t pairs, const Rules& rules);

/// What the machine did to a pair, as far as it is too much.
std::optional<std::string> disturbed(const Pair& pair, const Rules& rules);
/// Why nothing can be learnt of a slice, whatever the machine did.
std::optional<std::string> unusable(const Slice& slice, const std::vector<CellInfo>& cells);
/// Why a pair is not used, for one or the other; nothing when it is. Looks at both slices alike,
/// never at which is which.
std::optional<std::string> spoilt(const Pair& pair, const std::vector<CellInfo>& cells,
                                  const Rules& rules);

class Judge {
 public:
  Judge(std::vector<CellInfo> cells, const Rules& rules);

  /// Nothing more may be added once there is a decision.
  void add(const Pair& pair);

  Decision decision() const { return decision_; }
  /// There is evidence enough for FAIL, but the control arm, which had fewer pairs, could not have
  /// told yet if the baseline differed from itself just as much.
  bool suspects() const { return suspected_; }
  /// Of the pairs that follow a suspicion two in three are control pairs; the others help to name
  /// the cells.
  bool wants_control() const { return suspected_ && since_suspicion_ % 3 != 0; }
  const Contest& contest() const { return contest_; }
  const Contest& control() const { return control_; }
  /// Cells that are proved not to be worse by a regression. Once proved, they stay so.
  const std::vector<bool>& passed() const { return passed_; }
  /// Of all slices but those of disturbed pairs.
  const ErrorEvidence& errors(Side side) const { return errors_[static_cast<std::size_t>(side)]; }
  std::size_t used() const { return used_; }
  std::size_t controls() const { return controls_; }
  std::size_t dropped() const { return dropped_; }

 private:
  void count_errors(const Pair& pair);
  void drop(const Pair& pair);
  void weigh(const Pair& pair);
  Decision decide(const Pair& pair) const;
  bool too_many_errors(Side side) const;
  bool too_many_dropped() const;
  bool is_to_blame(Side side) const;
  Decision blamed() const;
  bool all_passed() const;
  bool control_clears() const;

  std::vector<CellInfo> cells_;
  Rules rules_;
  Contest contest_, control_;
  std::vector<bool> passed_;
  std::size_t used_ = 0, controls_ = 0, dropped_ = 0;
  std::array<ErrorEvidence, 2> errors_;    // by Side
  std::array<std::size_t, 2> unusable_{};  // pairs, by Side
  bool suspected_ = false;
  std::size_t since_suspicion_ = 0;  // pairs
  Decision decision_ = Decision::none;
};

/// All of a record's pairs, up to the decision.
Judge judged(const Record& record);

}  // namespace atonce::gate
