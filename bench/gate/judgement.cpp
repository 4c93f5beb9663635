#include "bench/gate/judgement.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "bench/exit_codes.h"
#include "bench/gate/resample.h"
#include "bench/gate/thresholds.h"

namespace atonce::gate {
namespace {

constexpr double interval_alpha = 0.05;
/// Of the most wealth: cells that share the suspicion when none can be named alone.
constexpr double suspicious = 0.1;

/// Pairs that are not controls, at the pace so far.
std::size_t pairs_in_budget(const Record& record, const Judge& judge) {
  const Rules& rules = record.rules;
  auto pairs = static_cast<double>(rules.most_pairs);
  if (record.design != Design::paired) return judge.used();
  if (!record.pairs.empty() && record.pairs.back().ended > Nanos{}) {
    const auto played = static_cast<double>(record.pairs.size());
    pairs = std::min(pairs, static_cast<double>(rules.most_time.count()) * played /
                                static_cast<double>(record.pairs.back().ended.count()));
  }
  return compared_of(static_cast<std::size_t>(pairs), rules);
}

CellReport cell_report(const Record& record, const Judge& judge, std::size_t index) {
  const CellEvidence& evidence = judge.contest().cells()[index];
  const auto& differences = evidence.differences();
  const EffectInterval interval = confidence_sequence(differences, interval_alpha);
  CellReport cell{.info = record.cells[index]};
  cell.baseline = median_value(record, Side::baseline, index);
  cell.candidate = median_value(record, Side::candidate, index);
  cell.effect = differences.empty() ? no_value : std::expm1(hodges_lehmann(differences));
  cell.low = std::isfinite(interval.low) ? std::expm1(interval.low) : interval.low;
  cell.high = std::expm1(interval.high);
  cell.noise = deviation(differences);
  cell.detectable = smallest_detectable(differences, record.rules, record.cells.size(),
                                        pairs_in_budget(record, judge));
  cell.position = std::expm1(evidence.position());
  cell.sign_flip_p = sign_flip_p(differences, std::log1p(record.rules.tolerated));
  cell.worse_wealth = std::exp(evidence.worse());
  cell.sound_wealth = std::exp(evidence.sound());
  return cell;
}

void set_states(Judgement& judgement, const Judge& judge, double enough) {
  std::vector<double> worse, better;
  for (const CellEvidence& cell : judge.contest().cells()) {
    worse.push_back(cell.worse());
    better.push_back(cell.better());
  }
  const auto named_worse = attributed(worse, enough), named_better = attributed(better, enough);
  const bool regression = judge.suspects();
  const bool any_named = std::ranges::count(named_worse, true) > 0;
  for (std::size_t i = 0; i < judgement.cells.size(); ++i) {
    CellState& state = judgement.cells[i].state;
    const bool suspect =
        regression && !any_named && worse[i] >= std::ranges::max(worse) + std::log(suspicious);
    if (named_worse[i])
      state = CellState::worse;
    else if (suspect)
      state = CellState::suspected;
    else if (named_better[i])
      state = CellState::better;
    else if (judge.passed()[i])
      state = CellState::sound;
    if (state == CellState::better) judgement.improved = true;
  }
}

std::string cells_in(const Judgement& judgement, std::initializer_list<CellState> states) {
  std::string names;
  for (const CellReport& cell : judgement.cells)
    if (std::ranges::count(states, cell.state) > 0)
      names += (names.empty() ? "" : ", ") + cell.info.name;
  return names;
}

/// What keeps a job from its end: cells in these states, and calls that seem to fail.
std::string undecided(const Judge& judge, const Judgement& judgement,
                      std::initializer_list<CellState> states) {
  std::string names = cells_in(judgement, states);
  for (const Side side : {Side::baseline, Side::candidate})
    if (judge.errors(side).seem_too_many())
      names += fmt::format("{}the {}'s errors", names.empty() ? "" : ", ", name(side));
  return names;
}

/// Of the first pair that was dropped for its slices.
std::string why_unusable(const Record& record) {
  for (const Pair& pair : record.pairs)
    if (const auto why = spoilt(pair, record.cells, record.rules))
      if (!disturbed(pair, record.rules)) return *why;
  return {};
}

std::string too_many_errors(const Rules& rules, Side side) {
  return fmt::format("more than {:.3g} % of the {}'s calls failed", 100 * rules.most_errors,
                     name(side));
}

std::string figures_unusable(const Record& record, Side side) {
  return fmt::format("the {}'s figures cannot be used: {}", name(side), why_unusable(record));
}

std::string reason_of(const Record& record, const Judge& judge, const Judgement& judgement) {
  const Rules& rules = record.rules;
  if (!record.failure.empty()) return record.failure;
  switch (judge.decision()) {
    case Decision::pass:
      return fmt::format("no cell is worse by {:.3g} % or more", 100 * rules.regression);
    case Decision::regression:
      return fmt::format("worse by more than {:.3g} %: {}", 100 * rules.tolerated,
                         cells_in(judgement, {CellState::worse, CellState::suspected}));
    case Decision::candidate_errors:
      return too_many_errors(rules, Side::candidate);
    case Decision::baseline_errors:
      return too_many_errors(rules, Side::baseline);
    case Decision::candidate_unusable:
      return figures_unusable(record, Side::candidate);
    case Decision::baseline_unusable:
      return figures_unusable(record, Side::baseline);
    case Decision::control_failed:
      return "the environment: the baseline differs from itself (control arm)";
    case Decision::spoiled:
      return fmt::format("the environment: {} of {} pairs had to be dropped", judge.dropped(),
                         record.pairs.size());
    case Decision::out_of_budget:
      if (judgement.suspicion)
        return fmt::format("{} looks worse, but the control arm is not clear within the budget",
                           cells_in(judgement, {CellState::worse, CellState::suspected}));
      return fmt::format(
          "the budget is used up, undecided: {}",
          undecided(judge, judgement, {CellState::open, CellState::suspected, CellState::better}));
    case Decision::none:
      break;
  }
  return (record.interrupted ? "interrupted, undecided: " : "too few pairs, undecided: ") +
         undecided(judge, judgement, {CellState::open, CellState::better});
}

Answer answer_of(const Record& record, Decision decision) {
  if (!record.failure.empty()) return Answer::run_failed;
  switch (decision) {
    case Decision::pass:
      return Answer::pass;
    case Decision::regression:
    case Decision::candidate_errors:
      return Answer::fail;
    case Decision::baseline_errors:
    case Decision::baseline_unusable:
    case Decision::candidate_unusable:
      return Answer::run_failed;
    case Decision::none:
    case Decision::control_failed:
    case Decision::spoiled:
    case Decision::out_of_budget:
      break;
  }
  return Answer::inconclusive;
}

ErrorReport error_report(const ErrorEvidence& evidence) {
  return {.calls = evidence.calls(),
          .errors = evidence.errors(),
          .wealth = std::exp(evidence.too_many())};
}

void count_drops(const Record& record, Judgement& judgement) {
  for (const Pair& pair : record.pairs)
    if (const auto why = spoilt(pair, record.cells, record.rules)) ++judgement.drop_reasons[*why];
}

}  // namespace

std::string_view name(Answer answer) {
  static constexpr std::array<std::string_view, 4> names{"PASS", "FAIL", "INCONCLUSIVE",
                                                         "RUN FAILED"};
  return names[static_cast<std::size_t>(answer)];
}

std::string_view name(CellState state) {
  static constexpr std::array<std::string_view, 5> names{"ok", "WORSE", "better", "suspected",
                                                         "undecided"};
  return names[static_cast<std::size_t>(state)];
}

std::size_t compared_of(std::size_t pairs, const Rules& rules) {
  // To be cleared, the control takes about three pairs for every five that were compared.
  constexpr double controls = 0.6;
  if (rules.control_every == 0) return pairs;
  return static_cast<std::size_t>(static_cast<double>(pairs) / (1 + controls));
}

double median_value(const Record& record, Side side, std::size_t cell) {
  std::vector<double> values;
  for (const Pair& pair : record.pairs)
    if (!pair.control && std::isfinite(pair.of(side).values[cell]))
      values.push_back(pair.of(side).values[cell]);
  if (values.empty()) return no_value;
  std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2));
  return values[values.size() / 2];
}

double deviation(const std::vector<double>& values) {
  if (values.size() < 2) return 0;
  const auto n = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  double sum = 0;
  for (const double value : values) sum += (value - mean) * (value - mean);
  return std::sqrt(sum / (n - 1));
}

Judgement judgement_of(const Record& record) {
  const Judge judge = judged(record);
  Judgement judgement;
  for (std::size_t i = 0; i < record.cells.size(); ++i)
    judgement.cells.push_back(cell_report(record, judge, i));
  set_states(judgement, judge, enough_for_fail(record.rules));
  judgement.answer = answer_of(record, judge.decision());
  judgement.interrupted = record.interrupted && judge.decision() == Decision::none;
  judgement.suspicion = judge.suspects();
  judgement.reason = reason_of(record, judge, judgement);
  judgement.worse_wealth = std::exp(judge.contest().worse());
  judgement.control_wealth = std::exp(std::max(judge.control().worse(), judge.control().better()));
  judgement.errors = {error_report(judge.errors(Side::baseline)),
                      error_report(judge.errors(Side::candidate))};
  judgement.used = judge.used();
  judgement.controls = judge.controls();
  judgement.dropped = judge.dropped();
  judgement.pairs_in_budget = pairs_in_budget(record, judge);
  count_drops(record, judgement);
  judgement.suggests = judgement.answer;
  judgement.advisory = record.design == Design::stored && !record.foreign.empty();
  if (judgement.advisory && judgement.answer != Answer::run_failed)
    judgement.answer = Answer::inconclusive;
  return judgement;
}

int exit_code_of(const Judgement& judgement, const std::set<FailOn>& fail_on) {
  if (judgement.interrupted) return exit_interrupted;
  switch (judgement.answer) {
    case Answer::run_failed:
      return exit_run_failed;
    case Answer::fail:
      return fail_on.contains(FailOn::regression) ? exit_failed : exit_ok;
    case Answer::inconclusive:
      return fail_on.contains(FailOn::inconclusive) ? exit_inconclusive : exit_ok;
    case Answer::pass:
      break;
  }
  return judgement.improved && fail_on.contains(FailOn::improvement) ? exit_failed : exit_ok;
}

}  // namespace atonce::gate
