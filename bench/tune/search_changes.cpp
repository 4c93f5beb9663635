#include <algorithm>
#include <span>

#include "bench/tune/search.h"

/// The part of a search that asks whether the server is still what it was.
namespace atonce::tune {
namespace {

constexpr std::size_t most_to_confirm = 5, fewest_to_confirm = 3;
constexpr double sure = 1e-3;

}  // namespace

/// Against what was known of its level: in throughput too, as a server that is no more than half as
/// fast as it was may still meet its objectives there.
bool Search::has_changed(const Probe& probe) const {
  const LevelData* known = curve_.find(probe.order.level);
  if (known == nullptr) return false;
  const auto blocks = probe.counted();
  const double each = sure / static_cast<double>(rules_.slos.size() + 1);
  if (rates_differ(known->blocks, blocks, each)) return true;
  for (std::size_t slo = 0; slo < rules_.slos.size(); ++slo)
    if (differ(known->blocks, blocks, slo, curve_.dispersion(slo), each)) return true;
  return false;
}

/// What changed while its level was measured counts from the change on.
void Search::drop_before_jump(std::size_t level) {
  for (std::size_t slo = 0; slo < rules_.slos.size(); ++slo) {
    const auto& blocks = curve_.find(level)->blocks;
    auto jump = jump_in(blocks, slo);
    if (!jump || *jump >= blocks.size()) continue;
    for (std::size_t i = 0; i < tuning_.probes.size(); ++i) {
      const Probe& probe = tuning_.probes[i];
      const std::size_t counted = probe.order.level == level ? probe.counted().size() : 0;
      if (*jump < counted) {
        drop_before(i, probe.dropped + *jump);
        break;
      }
      *jump -= counted;
    }
  }
}

void Search::drop_before(std::size_t probe, std::size_t block) {
  tuning_.flags.insert(Flag::drift);
  ++changes_;
  auto& probes = tuning_.probes;
  for (std::size_t i = 0; i < probe; ++i) probes[i].dropped = probes[i].blocks.size();
  probes[probe].dropped = block;
  Curve left(rules_.slos);
  for (const Probe& one : probes) left.add(one);
  for (const auto& [level, data] : curve_.levels()) {
    const LevelData* still = left.find(level);
    if (still != nullptr && still->blocks.size() == data.blocks.size()) continue;
    standings_.erase(level);
    knee_standings_.erase(level);
    looks_.erase(level);
    decided_.erase(level);
  }
  curve_ = std::move(left);
  confirmed_.clear();
  for (const Side side : {Side::low, Side::high}) {
    trying_[static_cast<std::size_t>(side)].reset();
    tries_[static_cast<std::size_t>(side)] = 0;
  }
}

bool Search::is_to_be_confirmed(std::size_t level, std::size_t since) const {
  const auto later = std::span(tuning_.probes).subspan(since);
  return curve_.find(level)->probes == 1 || std::ranges::none_of(later, [&](const Probe& probe) {
           return probe.order.level == level && !probe.counted().empty();
         });
}

bool Search::confirm() {
  const LevelInterval before = tuning_.boundary;
  const auto& [low, beyond] = before;
  const std::size_t last = tuning_.probes.size() - 1;
  // First the one that was not looked at last.
  const bool low_is_newer = tuning_.probes.back().order.level == low;
  for (const bool of_low : {!low_is_newer, low_is_newer}) {
    const auto &end = of_low ? low : beyond, &other = of_low ? beyond : low;
    if (!end || !is_to_be_confirmed(*end, other ? decided_.at(*other) : last)) continue;
    // Fewer blocks where there is no time for more.
    std::size_t blocks = most_to_confirm;
    while (blocks > fewest_to_confirm && !fits(order_of(*end, blocks, Purpose::confirm))) --blocks;
    if (!probe(*end, blocks, Purpose::confirm)) return true;
    if (tuning_.boundary != before) return false;
  }
  return true;
}

/// True when something was learnt that sends the search elsewhere.
bool Search::look_for_contradictions() {
  if (rules_.slos.empty()) return false;
  for (const auto& [bad, below] : curve_.levels())
    for (const auto& [good, above] : curve_.levels()) {
      if (good <= bad || curve_.surprise(below).above > sure || curve_.surprise(above).below > sure)
        continue;
      if (!confirmed_.insert(bad).second) continue;
      const LevelInterval before = tuning_.boundary;
      const std::size_t level = bad;
      probe(level, most_to_confirm, Purpose::confirm);
      return tuning_.boundary != before;
    }
  return false;
}

}  // namespace atonce::tune
