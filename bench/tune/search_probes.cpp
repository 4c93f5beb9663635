#include <algorithm>
#include <array>
#include <cmath>

#include "bench/tune/search.h"

/// The part of a search that probes, and weighs what it gets.
namespace atonce::tune {
namespace {

/// With stalls about, few blocks are likely to have seen none and to look too good.
constexpr std::size_t fewest_with_stalls = 24;
constexpr std::size_t fewest_blocks = 8, most_blocks = 64;  // of a verdict's probe
constexpr double responses_per_block = 10, responses_to_warm_up = 5, least_warm_up = 0.3;
constexpr unsigned most_invalid = 3;  // one after the other

}  // namespace

ProbeOrder Search::order_of(std::size_t level, std::size_t blocks, Purpose purpose) const {
  double response = 0;  // of the nearest level that is known
  double distance = 0;
  for (const auto& [at, data] : curve_.levels()) {
    const double away = std::abs(std::log(static_cast<double>(level) / static_cast<double>(at)));
    if (response > 0 && away >= distance) continue;
    response = data.response_time.mean() * 1e-9;
    distance = away;
  }
  // A queue under a given rate remembers longer than one that its callers keep short.
  const bool verdict = purpose == Purpose::verdict || purpose == Purpose::confirm;
  const double least = rules_.block.count() * (rules_.vary == Vary::rate && verdict ? 3 : 1);
  const double longest = std::max(least, rules_.budget.count() / 45);
  const double block = std::clamp(responses_per_block * response, least, longest);
  const double warm_up = std::clamp(responses_to_warm_up * response, least_warm_up * block, block);
  return {.level = level,
          .blocks = blocks,
          .block = Seconds(block),
          .warm_up = Seconds(warm_up),
          .purpose = purpose};
}

bool Search::probe(std::size_t level, std::size_t blocks, Purpose purpose) {
  const ProbeOrder order = order_of(level, blocks, purpose);
  for (unsigned invalid = 0; invalid < most_invalid; ++invalid) {
    const Seconds cost =
        order.block * static_cast<double>(blocks) + order.warm_up + target_.overhead();
    if (target_.stopped())
      tuning_.end = End::interrupted;
    else if (target_.elapsed() + cost > rules_.budget)
      tuning_.end = End::out_of_budget;
    if (!can_go_on()) return false;
    watcher_.probe_begins(tuning_, order);
    Probe got = target_.probe(order);
    if (target_.stopped()) tuning_.end = End::interrupted;
    const bool usable = got.invalid.empty();
    tuning_.failure = got.invalid;
    tuning_.used = target_.elapsed();
    if (usable && can_go_on())
      take_in(std::move(got));
    else
      tuning_.probes.push_back(std::move(got));
    watcher_.probe_ended(tuning_);
    if (usable || !can_go_on()) break;
  }
  if (can_go_on() && !tuning_.failure.empty()) tuning_.end = End::failed;
  return can_go_on();
}

void Search::take_in(Probe got) {
  const std::size_t level = got.order.level;
  if (got.client_limited) {
    client_limit_ = std::min(client_limit_, level);
    tuning_.flags.insert(Flag::client_limited);
  } else {
    if (has_changed(got)) {
      tuning_.flags.insert(Flag::drift);
      for (std::size_t i = 0; i < tuning_.probes.size(); ++i)
        if (tuning_.probes[i].order.level == level) tuning_.outdated.insert(i);
      curve_.forget(level);
      standings_.erase(level);
      looks_.erase(level);
    }
    curve_.add(got);
    drop_before_jump(level);
  }
  const bool sought = got.order.purpose == Purpose::verdict;
  tuning_.probes.push_back(std::move(got));
  if (curve_.find(level) != nullptr) weigh(level, sought);
  update_boundary();
}

/// A level that changed while it was measured counts from the change on.
void Search::drop_before_jump(std::size_t level) {
  for (std::size_t slo = 0; slo < rules_.slos.size(); ++slo) {
    const auto& blocks = curve_.find(level)->blocks;
    const auto jump = jump_in(blocks, slo);
    if (!jump || *jump >= blocks.size()) continue;
    tuning_.flags.insert(Flag::drift);
    curve_.keep_from(level, *jump);
    standings_.erase(level);
  }
}

/// Against what was known of its level: two samples of blocks with variances of their own.
bool Search::has_changed(const Probe& probe) const {
  constexpr double sure = 1e-3;
  const LevelData* known = curve_.find(probe.order.level);
  if (known == nullptr || probe.blocks.size() < 2) return false;
  const double tests = static_cast<double>(2 * std::max<std::size_t>(1, rules_.slos.size()));
  for (std::size_t slo = 0; slo < rules_.slos.size(); ++slo) {
    const Share before = share_of(known->blocks, slo), now = share_of(probe.blocks, slo);
    const double share = (before.bad + now.bad + 1) / (before.calls + now.calls + 1);
    const auto variance = [&](const std::vector<Block>& blocks, const Share& seen) {
      const double factor = std::max(curve_.dispersion(slo), dispersion_of(blocks, slo).factor);
      return factor * share * (1 - std::min(share, 0.99)) / seen.calls;
    };
    const double error = std::sqrt(variance(known->blocks, before) + variance(probe.blocks, now));
    const auto degrees =
        static_cast<double>(std::min(known->blocks.size(), probe.blocks.size()) - 1);
    if (t_above(std::abs(before.value() - now.value()) / error, degrees) < sure / tests)
      return true;
  }
  return false;
}

Standing Search::standing(std::size_t level) const {
  const auto found = standings_.find(level);
  return found == standings_.end() ? Standing::open : found->second;
}

Seconds Search::affordable() const {
  constexpr double reserve = 12;  // blocks, for the confirmation
  const auto& [low, beyond] = tuning_.boundary;
  const double part = low || beyond ? 0.65 : 0.4;
  const Seconds left = rules_.budget - target_.elapsed() - reserve * rules_.block;
  return std::max(Seconds(0), part * left);
}

std::size_t Search::blocks_wanted(std::size_t level) const {
  const LevelData* data = curve_.find(level);
  const std::size_t have = data == nullptr ? 0 : data->blocks.size();
  const double block = order_of(level, 1, Purpose::verdict).block.count();
  const double needed = 2 * seconds_to_tell(curve_, level).count() / block;
  auto wanted = static_cast<std::size_t>(std::min(needed, static_cast<double>(most_blocks)));
  if (curve_.stalls() > 0) wanted = std::max(wanted, fewest_with_stalls);
  wanted = std::max(wanted > 2 * have ? wanted - have : have, fewest_blocks);
  const auto most = static_cast<std::size_t>(affordable().count() / block);
  return std::clamp(wanted, fewest_blocks, std::max(most, fewest_blocks));
}

void Search::weigh(std::size_t level, bool sought) {
  const LevelData& data = *curve_.find(level);
  if (rules_.slos.empty()) return;
  const Surprise seen = curve_.surprise(data);
  const std::size_t look = looks_[level];
  const double to_meet = allowance_.at(level, Standing::meets, look);
  const double to_miss = allowance_.at(level, Standing::misses, look);
  Standing& now = standings_[level];
  // A short look spends nothing of those that were sought.
  if (sought) ++looks_[level];
  const bool enough = curve_.stalls() == 0 || data.blocks.size() >= fewest_with_stalls;
  if (seen.below <= to_meet && enough) {
    now = Standing::meets;
  } else if (seen.above <= to_miss) {
    now = Standing::misses;
  } else if (sought && (now == Standing::open || now == Standing::undecided)) {
    const bool last = looks_[level] >= most_looks;
    now = last || is_hopeless(data, seen) ? Standing::undecided : Standing::open;
  }
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
