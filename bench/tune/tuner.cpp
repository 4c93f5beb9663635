#include "bench/tune/tuner.h"

#include <algorithm>
#include <cmath>

#include "bench/tune/search.h"

namespace atonce::tune {
namespace {

constexpr std::size_t scout_blocks = 3;
constexpr std::size_t most_scouts = 14;
constexpr unsigned most_tries = 4;  // per side
constexpr int most_rounds = 12, most_passes = 3;

}  // namespace

Search::Search(const Rules& rules, Target& target, Watcher& watcher)
    : rules_(rules),
      target_(target),
      watcher_(watcher),
      curve_(rules.slos),
      allowance_(rules.error),
      knee_allowance_(rules.error),
      until_(rules.budget) {
  tuning_.rules = rules;
}

Tuning Search::run() {
  // What changes while the knee is looked for begins all of it again.
  for (int pass = 0; pass < most_passes && can_go_on(); ++pass) {
    find_boundary();
    const std::size_t before = changes_;
    find_knee();
    if (changes_ == before && !look_beyond()) break;
  }
  set_flags();
  tuning_.used = target_.elapsed();
  tuning_.spent = allowance_.spent();
  tuning_.spent_on_knee = knee_allowance_.spent();
  return std::move(tuning_);
}

void Search::find_boundary() {
  if (rules_.slos.empty()) return;
  constexpr double part = 0.6;
  if (rules_.goal != Goal::slo) {
    // The knee needs time too.
    until_ = target_.elapsed() + part * (rules_.budget - target_.elapsed());
    seek_boundary();
    until_ = rules_.budget;
    if (tuning_.end == End::out_of_budget) tuning_.end = End::decided;
  }
  // Without a level that meets the objectives no knee is looked for.
  if (rules_.goal == Goal::slo || !has_low(tuning_)) seek_boundary();
  tuning_.estimate = estimate();
}

void Search::seek_boundary() {
  // What is learnt while proving can send the search elsewhere.
  for (int round = 0; round < most_rounds && can_go_on(); ++round) {
    const std::size_t before = tuning_.probes.size();
    scout();
    prove();
    const bool is_settled =
        (has_low(tuning_) && has_high(tuning_)) || tuning_.probes.size() == before;
    if (!can_go_on() || look_for_contradictions() || !is_settled) continue;
    if (confirm()) break;
  }
}

bool Search::look_beyond() {
  const auto level = recommended(tuning_);
  if (!level || !can_go_on()) return false;
  const std::size_t beyond = std::min(2 * *level, reachable());
  const bool is_known = curve_.levels().rbegin()->first >= beyond;
  if (is_known || !fits(order_of(beyond, scout_blocks, Purpose::outlook))) return false;
  const LevelInterval before = tuning_.boundary;
  probe(beyond, scout_blocks, Purpose::outlook);
  if (tuning_.end == End::failed) {
    // The answer does not rest on it.
    tuning_.end = End::decided;
    tuning_.failure.clear();
  }
  if (rules_.goal == Goal::slo) settle_knee();
  return tuning_.boundary != before || look_for_contradictions();
}

double Search::estimate() const {
  const auto seen = curve_.bracket();
  const auto& [low, beyond] = tuning_.boundary;
  if (!seen.good || !seen.bad || beyond == rules_.range.low) return 0;
  return std::clamp(guess_boundary(curve_, rules_.vary, rules_.range).level,
                    static_cast<double>(low.value_or(rules_.range.low)),
                    static_cast<double>(beyond ? *beyond - 1 : rules_.range.high));
}

void Search::scout() {
  for (std::size_t i = 0; i < most_scouts && can_go_on(); ++i)
    if (!scout_next()) return;
}

bool Search::scout_next() {
  const auto& levels = curve_.levels();
  if (levels.empty())
    return !is_client_too_slow() && probe(rules_.range.low, scout_blocks, Purpose::scout);
  const auto [good, bad] = curve_.bracket();
  if (!good && curve_.find(rules_.range.low) == nullptr)
    return probe(rules_.range.low, scout_blocks, Purpose::scout);
  if (!good) {
    // Bad at the lowest level: is a higher one any better?
    const std::size_t higher = std::min(4 * rules_.range.low, reachable());
    if (levels.size() > 1 || higher <= rules_.range.low) return false;
    return probe(higher, scout_blocks, Purpose::scout);
  }
  const Guess guess = guess_boundary(curve_, rules_.vary, rules_.range);
  if (guess.is_near) return false;
  auto level = static_cast<std::size_t>(guess.level);
  if (level > reachable()) {
    const auto low = static_cast<double>(*good), limit = static_cast<double>(reachable() + 1);
    if (limit / low < near_client) return false;
    level = static_cast<std::size_t>(std::sqrt(low * limit));
  }
  if (level == *good) ++level;
  if (bad && level >= *bad) level = *bad - 1;
  if (level > reachable() || curve_.find(level) != nullptr) return false;
  return probe(level, scout_blocks, Purpose::scout);
}

void Search::prove() {
  constexpr int most_steps = 60;
  for (int step = 0; step < most_steps && can_go_on(); ++step)
    if (!prove_next()) return;
}

bool Search::prove_next() {
  const auto& [low, beyond] = tuning_.boundary;
  const bool at_bottom = beyond == rules_.range.low, at_top = low == rules_.range.high;
  if ((!low && at_bottom) || (!beyond && at_top) || is_narrow(rules_, tuning_.boundary) ||
      ends_at_client(tuning_) || curve_.levels().empty())
    return false;
  // While both are wanted in turns: what drifts is then seen by both.
  turn_ = next_side();
  auto level = candidate(turn_);
  if (!level) level = candidate(turn_ = turn_ == Side::low ? Side::high : Side::low);
  if (!level) return false;
  const auto before = curve_.bracket();
  const std::size_t changes = changes_;
  if (!probe(*level, blocks_wanted(*level), Purpose::verdict) || changes_ != changes) return false;
  // A level that was bad is not any more: there may be nothing bad left to prove.
  return !(before.bad && !curve_.bracket().bad && *level < rules_.range.high);
}

Search::Side Search::next_side() const {
  const auto& [low, beyond] = tuning_.boundary;
  const auto other = turn_ == Side::low ? Side::high : Side::low;
  if (!low && !beyond) return other;
  const double boundary = guess_boundary(curve_, rules_.vary, rules_.range).level;
  const double below = low ? std::log(boundary / static_cast<double>(*low)) : 1;
  const double above = beyond ? std::log(static_cast<double>(*beyond) / boundary) : 1;
  return below > above ? Side::low : Side::high;
}

std::optional<std::size_t> Search::candidate(Side side) {
  auto& trying = trying_[static_cast<std::size_t>(side)];
  const auto& [low, beyond] = tuning_.boundary;
  const bool still_open = trying && standing(*trying) == Standing::open &&
                          (!beyond || *trying < *beyond) && (!low || *trying > *low) &&
                          *trying <= reachable();
  if (still_open) return trying;
  auto& tries = tries_[static_cast<std::size_t>(side)];
  const bool is_known = side == Side::low ? low.has_value() : beyond.has_value();
  const auto level = is_known && tries > 0 ? improved(side) : aim(side);
  if (!level) return {};
  ++tries;
  trying = level;
  allowance_.seek(*level, side == Side::low ? Standing::meets : Standing::misses);
  return level;
}

std::optional<std::size_t> Search::aim(Side side) const {
  constexpr double widening = 1.25, modest = 0.6, most = 0.6;
  const double boundary = guess_boundary(curve_, rules_.vary, rules_.range).level;
  const double offset =
      std::min(most, telling_offset(curve_, boundary, modest * affordable()) *
                         std::pow(widening, tries_[static_cast<std::size_t>(side)]));
  const auto level = side == Side::low ? aim_low(boundary, offset) : aim_high(boundary, offset);
  const auto& [low, beyond] = tuning_.boundary;
  const bool is_new = level && standing(*level) == Standing::open && (!low || *level > *low) &&
                      (!beyond || *level < *beyond);
  return is_new ? level : std::nullopt;
}

std::optional<std::size_t> Search::aim_low(double boundary, double offset) const {
  const std::size_t top = reachable();
  if (top < rules_.range.low) return {};
  auto level = static_cast<std::size_t>(boundary * (1 - offset));
  if (const auto [good, bad] = curve_.bracket(); !bad && boundary >= static_cast<double>(top)) {
    level = top;
    // Just below the limit of the client it is likely to be at it again.
    if (tuning_.client_limit)
      level = static_cast<std::size_t>(
          std::ceil(std::sqrt(static_cast<double>(*good) * static_cast<double>(top + 1))));
  }
  level = std::min(level, top);
  if (tuning_.boundary.beyond) level = std::min(level, *tuning_.boundary.beyond - 1);
  for (const auto& [at, standing] : standings_)
    if (standing == Standing::undecided && at <= level)
      level = std::min(at - 1, static_cast<std::size_t>(static_cast<double>(at) / (1 + offset)));
  return std::max(level, rules_.range.low);
}

std::optional<std::size_t> Search::aim_high(double boundary, double offset) const {
  const std::size_t top = reachable();
  // Nothing that the client can reach is bad.
  if (tuning_.client_limit && !curve_.bracket().bad && boundary > static_cast<double>(top))
    return {};
  auto level = std::max(static_cast<std::size_t>(std::ceil(boundary * (1 + offset))),
                        static_cast<std::size_t>(boundary) + 1);
  if (tuning_.boundary.low) level = std::max(level, *tuning_.boundary.low + 1);
  for (const auto& [at, standing] : standings_)
    if (standing == Standing::undecided && at >= level)
      level = std::max(at + 1,
                       static_cast<std::size_t>(std::ceil(static_cast<double>(at) * (1 + offset))));
  if (const auto beyond = tuning_.boundary.beyond; beyond && level >= *beyond) return {};
  level = std::min(level, top);
  return level < rules_.range.low ? std::nullopt : std::optional(level);
}

/// An end that was proved, but lies far from the boundary: half way between the two, if that can
/// be told in the time left.
std::optional<std::size_t> Search::improved(Side side) const {
  const double end =
      static_cast<double>(side == Side::low ? *tuning_.boundary.low : *tuning_.boundary.beyond);
  const double boundary = std::min(guess_boundary(curve_, rules_.vary, rules_.range).level,
                                   static_cast<double>(reachable() + 1));
  const double middle = std::sqrt(end * boundary);
  const auto level =
      static_cast<std::size_t>(side == Side::low ? std::ceil(middle) : std::floor(middle));
  const bool is_between = side == Side::low ? middle > end : middle < end;
  if (!is_between || tries_[static_cast<std::size_t>(side)] >= most_tries) return {};
  if (standing(level) != Standing::open || static_cast<double>(level) == end) return {};
  if (level > reachable() || seconds_to_tell(curve_, level) > affordable()) return {};
  return level;
}

Tuning tune(const Rules& rules, Target& target, Watcher& watcher) {
  return Search(rules, target, watcher).run();
}

}  // namespace atonce::tune
