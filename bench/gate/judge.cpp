#include "bench/gate/judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "bench/gate/thresholds.h"

namespace atonce::gate {
namespace {

/// So many pairs of the same order count as none: the estimate is drawn towards 0 by them.
constexpr double pairs_of_doubt = 8;
/// A pair or two may be spoilt in a short job too.
constexpr std::size_t always_dropped = 2;
/// A burst at the beginning can pass; a job that lost so many is not worth going on with.
constexpr std::size_t patiently_dropped = 10;

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  if (values.size() % 2 == 1) return *middle;
  return std::midpoint(*middle, *std::max_element(values.begin(), middle));
}

std::vector<double> all(const Contest& contest, double (CellEvidence::*log_wealth)() const) {
  std::vector<double> logs;
  for (const CellEvidence& cell : contest.cells()) logs.push_back((cell.*log_wealth)());
  return logs;
}

}  // namespace

std::optional<double> difference(const CellInfo& cell, const Slice& baseline,
                                 const Slice& candidate, std::size_t index) {
  const double a = baseline.values[index], b = candidate.values[index];
  if (!(a > 0 && b > 0 && std::isfinite(a) && std::isfinite(b))) return {};
  return cell.more_is_better ? std::log(a / b) : std::log(b / a);
}

double PositionEffect::estimate() const {
  if (first_.size() < 2 || second_.size() < 2) return 0;
  const auto pairs = static_cast<double>(first_.size() + second_.size());
  return (median(second_) - median(first_)) / 2 * pairs / (pairs + pairs_of_doubt);
}

double PositionEffect::remove(double difference, bool candidate_first) {
  const double effect = estimate();
  (candidate_first ? first_ : second_).push_back(difference);
  return candidate_first ? difference + effect : difference - effect;
}

CellEvidence::CellEvidence(const Rules& rules)
    : worse_(std::log1p(rules.tolerated)),
      sound_(-std::log1p(rules.regression)),
      better_(std::log1p(rules.tolerated)) {}

void CellEvidence::add(double difference, bool candidate_first) {
  const double x = position_.remove(difference, candidate_first);
  differences_.push_back(x);
  worse_.add(x);
  sound_.add(-x);
  better_.add(-x);
}

Contest::Contest(std::size_t cells, const Rules& rules) : cells_(cells, CellEvidence(rules)) {}

void Contest::add(std::span<const double> differences, bool candidate_first) {
  for (std::size_t i = 0; i < cells_.size(); ++i) cells_[i].add(differences[i], candidate_first);
}

double Contest::worse() const {
  return log_of_mean(all(*this, &CellEvidence::worse));
}

double Contest::better() const {
  return log_of_mean(all(*this, &CellEvidence::better));
}

std::vector<bool> attributed(std::span<const double> log_wealth, double enough) {
  std::vector<double> rising(log_wealth.begin(), log_wealth.end());
  std::ranges::sort(rising);
  std::vector<bool> named;
  for (const double own : log_wealth) {
    // The hardest set of each size has the smallest others. Those above `own` only help.
    std::vector<double> set{own};
    double least = own;
    auto skip = std::ranges::find(rising, own);
    for (auto other = rising.begin(); other != rising.end(); ++other) {
      if (other == skip) continue;
      set.push_back(*other);
      least = std::min(least, log_of_mean(set));
    }
    named.push_back(least >= enough);
  }
  return named;
}

void ErrorEvidence::add(const Slice& slice) {
  if (slice.calls == 0) return;
  calls_ += slice.calls;
  errors_ += slice.errors;
  const double share = static_cast<double>(slice.errors) / static_cast<double>(slice.calls);
  evidence_.add(std::min(share, 1.0));  // a client may say anything
}

bool ErrorEvidence::seem_too_many() const {
  return static_cast<double>(errors_) > most_ * static_cast<double>(calls_);
}

bool is_control_turn(std::size_t pairs, const Rules& rules) {
  return rules.control_every > 0 && pairs % rules.control_every == rules.control_every - 1;
}

std::optional<std::string> disturbed(const Pair& pair, const Rules& rules) {
  for (const Slice& slice : pair.slices) {
    if (slice.around.steal > rules.most_steal)
      return fmt::format("the host took more than {:.3g} % of a slice", 100 * rules.most_steal);
    const auto stalled = static_cast<double>(slice.around.stalled.count());
    if (stalled > rules.most_stalled * static_cast<double>(slice.length.count()))
      return fmt::format("held up for more than {:.3g} % of a slice", 100 * rules.most_stalled);
  }
  return {};
}

std::optional<std::string> unusable(const Slice& slice, const std::vector<CellInfo>& cells) {
  if (!slice.around.invalid.empty()) return "INVALID: " + slice.around.invalid;
  for (std::size_t i = 0; i < cells.size(); ++i)
    if (!difference(cells[i], slice, slice, i)) return "no figure for " + cells[i].name;
  return {};
}

std::optional<std::string> spoilt(const Pair& pair, const std::vector<CellInfo>& cells,
                                  const Rules& rules) {
  auto why = disturbed(pair, rules);
  for (const Slice& slice : pair.slices)
    if (!why) why = unusable(slice, cells);
  return why;
}

Judge::Judge(std::vector<CellInfo> cells, const Rules& rules)
    : cells_(std::move(cells)),
      rules_(rules),
      contest_(cells_.size(), rules),
      control_(cells_.size(), rules),
      passed_(cells_.size()),
      errors_{ErrorEvidence(rules), ErrorEvidence(rules)} {}

void Judge::add(const Pair& pair) {
  if (suspected_) ++since_suspicion_;
  // What fails while the machine is elsewhere says nothing about an arm.
  if (!disturbed(pair, rules_)) count_errors(pair);
  if (spoilt(pair, cells_, rules_)) {
    drop(pair);
  } else {
    weigh(pair);
  }
  decision_ = decide(pair);
}

void Judge::count_errors(const Pair& pair) {
  for (const Side side : {Side::baseline, Side::candidate}) {
    const auto arm = static_cast<std::size_t>(pair.control ? Side::baseline : side);
    errors_[arm].add(pair.of(side));
  }
}

void Judge::drop(const Pair& pair) {
  ++dropped_;
  if (disturbed(pair, rules_)) return;
  const bool baseline = unusable(pair.of(Side::baseline), cells_).has_value();
  const bool candidate = unusable(pair.of(Side::candidate), cells_).has_value();
  unusable_[0] += baseline || (pair.control && candidate);
  unusable_[1] += candidate && !pair.control;
}

void Judge::weigh(const Pair& pair) {
  std::vector<double> differences;
  for (std::size_t i = 0; i < cells_.size(); ++i)
    differences.push_back(
        *difference(cells_[i], pair.of(Side::baseline), pair.of(Side::candidate), i));
  if (pair.control) {
    ++controls_;
    control_.add(differences, pair.candidate_first);
    return;
  }
  ++used_;
  contest_.add(differences, pair.candidate_first);
  for (std::size_t i = 0; i < cells_.size(); ++i)
    if (contest_.cells()[i].sound() >= enough_for_pass(rules_)) passed_[i] = true;
  if (contest_.worse() >= enough_for_fail(rules_)) suspected_ = true;
}

/// In the cell that has most to do with the suspicion.
bool Judge::control_clears() const {
  if (rules_.control_every == 0) return true;
  const auto worst = std::ranges::max_element(contest_.cells(), {}, &CellEvidence::worse);
  const auto& control =
      control_.cells()[static_cast<std::size_t>(worst - contest_.cells().begin())];
  const double effect = hodges_lehmann(worst->differences());
  return log_evidence_below(control.differences(), effect) >= enough_to_clear(rules_);
}

bool Judge::too_many_errors(Side side) const {
  return errors(side).too_many() >= enough_errors(rules_);
}

bool Judge::too_many_dropped() const {
  const auto pairs = static_cast<double>(used_ + controls_ + dropped_);
  return dropped_ > always_dropped && static_cast<double>(dropped_) > rules_.most_dropped * pairs;
}

/// Its slices are why most of the pairs were dropped, the other arm's never were.
bool Judge::is_to_blame(Side side) const {
  const auto own = static_cast<std::size_t>(side);
  return 2 * unusable_[own] > dropped_ && unusable_[1 - own] == 0;
}

Decision Judge::blamed() const {
  if (is_to_blame(Side::candidate)) return Decision::candidate_unusable;
  return is_to_blame(Side::baseline) ? Decision::baseline_unusable : Decision::spoiled;
}

/// No arm whose calls seem to fail passes: either that is proved, or it turns out to be chance.
bool Judge::all_passed() const {
  return !errors(Side::baseline).seem_too_many() && !errors(Side::candidate).seem_too_many() &&
         std::ranges::all_of(passed_, [](bool passed) { return passed; });
}

Decision Judge::decide(const Pair& pair) const {
  if (too_many_errors(Side::baseline)) return Decision::baseline_errors;
  if (too_many_errors(Side::candidate)) return Decision::candidate_errors;
  const double alarm = enough_for_control_alarm(rules_);
  if (control_.worse() >= alarm || control_.better() >= alarm) return Decision::control_failed;
  const std::size_t pairs = used_ + controls_ + dropped_;
  const bool is_over = pairs >= rules_.most_pairs || pair.ended >= rules_.most_time;
  if (too_many_dropped())
    return is_over || dropped_ > patiently_dropped ? blamed() : Decision::none;
  if (suspected_ && control_clears()) return Decision::regression;
  if (!suspected_ && all_passed()) return Decision::pass;
  return is_over ? Decision::out_of_budget : Decision::none;
}

Judge judged(const Record& record) {
  Judge judge(record.cells, record.rules);
  for (const Pair& pair : record.pairs) {
    if (judge.decision() != Decision::none) break;
    judge.add(pair);
  }
  return judge;
}

}  // namespace atonce::gate
