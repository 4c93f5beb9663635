#pragma once
/// The state of a search. Used by tuner.cpp only, and by the parts it is made of.

#include <map>
#include <optional>
#include <set>

#include "bench/tune/allowance.h"
#include "bench/tune/curve.h"
#include "bench/tune/rates.h"
#include "bench/tune/tuner.h"

namespace atonce::tune {

class Search {
 public:
  Search(const Rules& rules, Target& target, Watcher& watcher);
  Tuning run();

 private:
  enum class Side : unsigned char { low, high };

  // Probing.
  bool can_go_on() const { return tuning_.end == End::decided; }
  /// False when nothing more may be probed. A probe that was limited by the client leaves nothing
  /// but reachable().
  bool probe(std::size_t level, std::size_t blocks, Purpose purpose);
  ProbeOrder order_of(std::size_t level, std::size_t blocks, Purpose purpose) const;
  Seconds cost_of(const ProbeOrder& order) const;
  void take_in(Probe probe);
  void note_client_limit();
  bool has_changed(const Probe& probe) const;
  void drop_before_jump(std::size_t level);
  /// Of the blocks of that level the first ones count no more.
  void drop(std::size_t level, std::size_t blocks);
  /// The highest level of the range at which the client may not be at its limit.
  std::size_t reachable() const;
  /// Even at the lowest level.
  bool is_client_too_slow() const;

  // Verdicts.
  Standing standing(std::size_t level) const;
  void weigh(std::size_t level, bool sought);
  bool is_hopeless(const LevelData& data, const Surprise& seen) const;
  /// For the next verdict, so that the other one has time too.
  Seconds affordable() const;
  void update_boundary();
  std::size_t blocks_wanted(std::size_t level) const;
  /// Blocks without which no level is said to meet.
  std::size_t fewest_to_meet() const;

  // The search.
  void scout();
  bool scout_next();
  void prove();
  bool prove_next();
  std::optional<std::size_t> candidate(Side side);
  std::optional<std::size_t> aim(Side side) const;
  std::optional<std::size_t> aim_low(double boundary, double offset) const;
  std::optional<std::size_t> aim_high(double boundary, double offset) const;
  std::optional<std::size_t> improved(Side side) const;
  Side next_side() const;
  bool confirm();
  bool look_for_contradictions();
  double estimate() const;

  // The knee.
  void find_knee();
  Rates rates() const;
  /// Upwards, until throughput no longer pays.
  std::optional<std::size_t> higher(const Rates& rates) const;
  /// Around the highest throughput, and around the level that has just enough.
  std::optional<std::size_t> closer(const Rates& rates) const;
  /// Levels on either side of the knee, and what they are held against.
  std::vector<std::size_t> telling(const Rates& rates, std::size_t look) const;
  bool measure(const std::vector<std::size_t>& levels, std::size_t look);
  void weigh_knee(const Rates& rates, std::size_t level);
  void settle_knee();

  void set_flags();
  bool is_open() const;

  const Rules rules_;
  Target& target_;
  Watcher& watcher_;
  Tuning tuning_;
  Curve curve_;
  Allowance allowance_, knee_allowance_;
  std::map<std::size_t, Standing> standings_;
  std::map<std::size_t, std::size_t> looks_;  // that were sought
  std::map<std::size_t, Standing> knee_standings_;
  std::optional<std::size_t> trying_[2];
  unsigned tries_[2] = {0, 0};
  Side turn_ = Side::low;
  std::set<std::size_t> confirmed_;
};

}  // namespace atonce::tune
