#include <algorithm>
#include <cassert>
#include <cmath>

#include "bench/tune/search.h"

/// The part of a search that probes, and weighs what it gets.
namespace atonce::tune {
namespace {

/// With stalls about, few blocks are likely to have seen none and to look too good; and of arrivals
/// at a rate, to have seen no rush.
constexpr std::size_t fewest_with_stalls = 24, fewest_at_a_rate = 16;
constexpr std::size_t fewest_blocks = 8, most_blocks = 64;  // of a verdict's probe
constexpr double responses_per_block = 10, responses_for_a_rate = 3, responses_to_warm_up = 5,
                 least_warm_up = 0.3;
constexpr double longer = 3;                // than a block in which no call ended
constexpr unsigned most_invalid = 3;        // one after the other
constexpr unsigned most_looks = 4;          // at a level whose verdict is sought
constexpr unsigned most_at_the_lowest = 2;  // probes there that the client limits

/// What calls take when nothing is known of them: as long as they may.
Seconds longest_limit(const std::vector<Slo>& slos) {
  Seconds longest{};
  for (const Slo& slo : slos) longest = std::max(longest, Seconds(slo.limit));
  return longest;
}

bool is_all_failures(const Probe& probe) {
  std::uint64_t calls = 0, failed = 0;
  for (const Block& block : probe.blocks) {
    calls += block.calls;
    failed += block.failed;
  }
  return calls > 0 && failed == calls;
}

}  // namespace

ProbeOrder Search::order_of(std::size_t level, std::size_t blocks, Purpose purpose) const {
  Seconds response{};  // of the nearest level that is known
  double distance = 0;
  for (const auto& [at, data] : curve_.levels()) {
    const double away = std::abs(std::log(static_cast<double>(level) / static_cast<double>(at)));
    if (response > Seconds{} && away >= distance) continue;
    response = Seconds(data.response_time.mean() * 1e-9);
    distance = away;
  }
  const bool is_known = response > Seconds{};
  // A queue under a given rate remembers longer than one that its callers keep short.
  const bool verdict = purpose == Purpose::verdict || purpose == Purpose::confirm;
  const Seconds least = rules_.block * (rules_.vary == Vary::rate && verdict ? 3 : 1);
  const Seconds longest = std::max({least, rules_.budget / 45, response});
  const Seconds wanted = !is_known                  ? longest_limit(rules_.slos)
                         : purpose == Purpose::knee ? responses_for_a_rate * response
                                                    : responses_per_block * response;
  const Seconds block = std::clamp(wanted, least, longest);
  // And takes longer to fill.
  const Seconds warm_up =
      rules_.vary == Vary::rate && verdict
          ? 2 * block
          : std::clamp(responses_to_warm_up * response, least_warm_up * block, block);
  return {.level = level, .blocks = blocks, .block = block, .warm_up = warm_up, .purpose = purpose};
}

Seconds Search::cost_of(const ProbeOrder& order) const {
  return order.block * static_cast<double>(order.blocks) + order.warm_up + target_.overhead();
}

bool Search::fits(const ProbeOrder& order) const {
  return target_.elapsed() + cost_of(order) <= until_;
}

bool Search::probe(std::size_t level, std::size_t blocks, Purpose purpose) {
  assert(level >= rules_.range.low && level <= rules_.range.high);
  ProbeOrder order = order_of(level, blocks, purpose);
  for (unsigned invalid = 0; invalid < most_invalid;) {
    if (target_.stopped())
      tuning_.end = End::interrupted;
    else if (!fits(order))
      tuning_.end = End::out_of_budget;
    if (!can_go_on()) return false;
    watcher_.probe_begins(tuning_, order);
    Probe got = target_.probe(order);
    if (target_.stopped()) {
      tuning_.end = End::interrupted;
      got.invalid.clear();  // what was cut off has no faults
    } else if (curve_.levels().empty() && is_all_failures(got)) {
      // A server that is down keeps no client waiting: its CPU says nothing.
      tuning_.end = End::failed;
      got.client_limited = false;
      got.invalid = "every call failed";
    } else if (got.sent_late && invalid + 1 == most_invalid) {
      // Chance would not have it so again and again.
      got.client_limited = true;
      got.invalid.clear();
    }
    const bool usable = got.invalid.empty(), too_short = got.too_short;
    tuning_.failure = got.invalid;
    tuning_.used = target_.elapsed();
    if (!can_go_on()) got.dropped = got.blocks.size();
    take_in(std::move(got));
    watcher_.probe_ended(tuning_);
    if (usable || !can_go_on()) return can_go_on();
    // The same again would end the same way.
    if (too_short) {
      order.block *= longer;
      order.warm_up *= longer;
    } else {
      ++invalid;
    }
  }
  tuning_.end = End::failed;
  return false;
}

void Search::take_in(Probe got) {
  const std::size_t level = got.order.level;
  const bool counts = !got.counted().empty();
  const bool sought = got.order.purpose == Purpose::verdict;
  const bool changed = counts && has_changed(got);
  tuning_.probes.push_back(std::move(got));
  curve_.add(tuning_.probes.back());
  if (changed) drop_before(tuning_.probes.size() - 1, 0);
  if (counts) drop_before_jump(level);
  note_client_limit();
  if (!counts) return;
  weigh(level, sought);
  update_boundary();
}

void Search::note_client_limit() {
  const std::size_t free = highest_probed(tuning_);
  auto& limit = tuning_.client_limit;
  limit.reset();
  for (const Probe& probe : tuning_.probes)
    if (probe.client_limited && !probe.too_short && probe.dropped == 0 && probe.order.level > free)
      limit = std::min(limit.value_or(probe.order.level), probe.order.level);
}

std::size_t Search::reachable() const {
  return tuning_.client_limit ? std::min(rules_.range.high, *tuning_.client_limit - 1)
                              : rules_.range.high;
}

bool Search::is_client_too_slow() const {
  const auto limited = std::ranges::count_if(tuning_.probes, [&](const Probe& probe) {
    return probe.client_limited && probe.order.level == rules_.range.low;
  });
  return reachable() < rules_.range.low && limited >= most_at_the_lowest;
}

Standing Search::standing(std::size_t level) const {
  const auto found = standings_.find(level);
  return found == standings_.end() ? Standing::open : found->second;
}

Seconds Search::affordable() const {
  constexpr double reserve = 12;  // blocks, for confirmations
  const auto& [low, beyond] = tuning_.boundary;
  const double part = low || beyond ? 0.65 : 0.4;
  const Seconds left = until_ - target_.elapsed() - reserve * rules_.block;
  return std::max(Seconds(0), part * left);
}

std::size_t Search::fewest_to_meet() const {
  if (curve_.stalls() > 0) return fewest_with_stalls;
  return rules_.vary == Vary::rate ? fewest_at_a_rate : 2;
}

std::size_t Search::blocks_wanted(std::size_t level) const {
  const LevelData* data = curve_.find(level);
  const std::size_t have = data == nullptr ? 0 : data->blocks.size();
  const double block = order_of(level, 1, Purpose::verdict).block.count();
  const double needed = 2 * seconds_to_tell(curve_, level).count() / block;
  auto wanted = static_cast<std::size_t>(std::min(needed, static_cast<double>(most_blocks)));
  wanted = std::max(wanted, fewest_to_meet());
  wanted = std::max(wanted > 2 * have ? wanted - have : have, fewest_blocks);
  const auto most = static_cast<std::size_t>(affordable().count() / block);
  return std::clamp(wanted, fewest_blocks, std::max(most, fewest_blocks));
}

void Search::weigh(std::size_t level, bool sought) {
  const LevelData& data = *curve_.find(level);
  if (rules_.slos.empty()) return;
  const Surprise seen = curve_.surprise(data);
  const bool enough = data.blocks.size() >= fewest_to_meet();
  const double to_meet = enough ? allowance_.spend(level, Standing::meets, sought) : 0;
  const double to_miss = allowance_.spend(level, Standing::misses, sought);
  Standing& now = standings_[level];
  const Standing before = now;
  if (sought) ++looks_[level];
  if (is_contradicted(now, seen)) now = Standing::open;
  if (seen.below <= to_meet) {
    now = Standing::meets;
  } else if (seen.above <= to_miss) {
    now = Standing::misses;
  } else if (sought && (now == Standing::open || now == Standing::undecided)) {
    const bool last = looks_[level] >= most_looks;
    now = last || is_hopeless(data, seen) ? Standing::undecided : Standing::open;
  }
  if (now != before) decided_[level] = tuning_.probes.size() - 1;
}

/// The last look was on the other side, and all of them together are no proof any more.
bool Search::is_contradicted(Standing standing, const Surprise& seen) const {
  const auto blocks = tuning_.probes.back().counted();
  const double excess = curve_.excess({.blocks = {blocks.begin(), blocks.end()}});
  const double half = rules_.error / 2;
  return (standing == Standing::meets && excess > 0 && seen.below > half) ||
         (standing == Standing::misses && excess < 0 && seen.above > half);
}

/// Would what can be had be enough, if it was like what there is?
bool Search::is_hopeless(const LevelData& data, const Surprise& seen) const {
  constexpr double enough = 2.2, many = 1e6;  // deviations, degrees of freedom
  if (data.blocks.size() < 2 * fewest_blocks) return false;
  const double more = affordable() / data.measured();
  const auto z = [](double p) { return p >= 0.5 ? 0.0 : t_at(std::max(p, 1e-12), many); };
  return std::max(z(seen.below), z(seen.above)) * std::sqrt(1 + more) < enough;
}

void Search::update_boundary() {
  LevelInterval boundary;
  tuning_.verdicts.clear();
  for (const auto& [level, standing] : standings_) {
    if (curve_.find(level) == nullptr) continue;
    tuning_.verdicts.push_back({level, standing});
    if (standing == Standing::meets) boundary = {.low = level, .beyond = {}};
    if (standing == Standing::misses && !boundary.beyond) boundary.beyond = level;
  }
  tuning_.boundary = boundary;
}

}  // namespace atonce::tune
