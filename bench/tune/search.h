#pragma once
/// The state of a search. Used by tuner.cpp only, and by the parts it is made of.

#include <map>
#include <optional>
#include <set>

#include "bench/tune/allowance.h"
#include "bench/tune/curve.h"
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
  /// False when nothing more may be probed, or the client was the limit.
  bool probe(std::size_t level, std::size_t blocks, Purpose purpose);
  ProbeOrder order_of(std::size_t level, std::size_t blocks, Purpose purpose) const;
  void take_in(Probe probe);
  bool has_changed(const Probe& probe) const;
  void drop_before_jump(std::size_t level);

  // Verdicts.
  Standing standing(std::size_t level) const;
  void weigh(std::size_t level, bool sought);
  bool is_hopeless(const LevelData& data, const Surprise& seen) const;
  /// For the next verdict, so that the other one has time too.
  Seconds affordable() const;
  void update_boundary();
  std::size_t blocks_wanted(std::size_t level) const;

  // The search.
  void scout();
  bool scout_next();
  void prove();
  bool prove_next();
  std::optional<std::size_t> candidate(Side side);
  std::optional<std::size_t> aim(Side side) const;
  std::optional<std::size_t> improved(Side side) const;
  Side next_side() const;
  bool is_narrow() const;
  bool confirm();
  bool look_for_contradictions();
  void find_knee();
  void set_flags();

  const Rules rules_;
  Target& target_;
  Watcher& watcher_;
  Tuning tuning_;
  Curve curve_;
  Allowance allowance_;
  std::map<std::size_t, Standing> standings_;
  std::map<std::size_t, std::size_t> looks_;  // that were sought
  std::optional<std::size_t> trying_[2];
  unsigned tries_[2] = {0, 0};
  Side turn_ = Side::low;
  std::set<std::size_t> confirmed_;
  std::size_t client_limit_ = static_cast<std::size_t>(-1);
};

}  // namespace atonce::tune
