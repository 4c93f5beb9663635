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
  bool fits(const ProbeOrder& order) const;
  void take_in(Probe probe);
  void note_client_limit();
  /// The highest level of the range at which the client may not be at its limit.
  std::size_t reachable() const;
  /// Even at the lowest level.
  bool is_client_too_slow() const;

  // Is the server still what it was?
  bool has_changed(const Probe& probe) const;
  void drop_before_jump(std::size_t level);
  /// What was measured before that block of that probe counts no more, at any level.
  void drop_before(std::size_t probe, std::size_t block);
  /// All that is known of the level was measured at once, or before that probe.
  bool is_to_be_confirmed(std::size_t level, std::size_t since) const;
  /// Looks again at the ends of the boundary. False when that sent the search elsewhere.
  bool confirm();
  bool look_for_contradictions();

  // Verdicts.
  Standing standing(std::size_t level) const;
  void weigh(std::size_t level, bool sought);
  bool is_contradicted(Standing standing, const Surprise& seen) const;
  bool is_hopeless(const LevelData& data, const Surprise& seen) const;
  /// For the next verdict, so that the other one has time too.
  Seconds affordable() const;
  void update_boundary();
  std::size_t blocks_wanted(std::size_t level) const;
  /// Blocks without which no level is said to meet.
  std::size_t fewest_to_meet() const;

  // The search.
  void find_boundary();
  void seek_boundary();
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
  double estimate() const;
  /// So that it is seen what breaks beyond the level that is set. True when that changed the
  /// boundary.
  bool look_beyond();

  // The knee.
  void find_knee();
  /// Until nothing is learnt from more levels, or the server changes.
  void climb();
  void tell_apart();
  Rates rates() const;
  /// Upwards, until throughput no longer pays.
  std::optional<std::size_t> higher(const Rates& rates) const;
  /// Around the highest throughput, and around the level that has just enough.
  std::optional<std::size_t> closer(const Rates& rates) const;
  /// Levels on either side of the knee, and what they are held against.
  struct Telling {
    std::vector<std::size_t> scale, told;
  };
  Telling telling(const Rates& rates, std::size_t look) const;
  bool measure(const Telling& levels, std::size_t look);
  void weigh_knee(const Rates& rates, std::size_t level);
  void settle_knee();
  bool confirm_knee();

  void set_flags();
  bool is_open() const;

  const Rules rules_;
  Target& target_;
  Watcher& watcher_;
  Tuning tuning_;
  Curve curve_;
  Allowance allowance_, knee_allowance_;
  std::map<std::size_t, Standing> standings_;
  std::map<std::size_t, std::size_t> looks_;    // that were sought
  std::map<std::size_t, std::size_t> decided_;  // by which probe a standing is what it is
  std::map<std::size_t, Standing> knee_standings_;
  std::optional<std::size_t> trying_[2];
  unsigned tries_[2] = {0, 0};
  Side turn_ = Side::low;
  Seconds until_;            // no probe may end later
  std::size_t changes_ = 0;  // of the server, that were seen
  std::set<std::size_t> confirmed_;
};

}  // namespace atonce::tune
