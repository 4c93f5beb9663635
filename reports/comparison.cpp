#include "reports/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>
#include <utility>

#include "core/percentile.h"
#include "core/units.h"
#include "reports/confidence.h"
#include "reports/escape.h"
#include "reports/winner.h"

namespace atonce {
namespace {

Contender contender_of(const TrialKey& key) {
  return {key.runner, key.transport, key.variant};
}

std::vector<Contender> contenders_of(const ResultSet& results) {
  std::vector<Contender> contenders;
  for (const auto& trial : results.trials) contenders.push_back(contender_of(trial.key));
  std::ranges::sort(contenders, {}, [](const Contender& contender) {
    return std::make_pair(contender.is_floor(), contender);
  });
  const auto [first, last] = std::ranges::unique(contenders);
  contenders.erase(first, last);
  return contenders;
}

std::vector<std::size_t> caps_of(const ResultSet& results) {
  std::vector<std::size_t> caps;
  for (const auto& trial : results.trials) caps.push_back(trial.key.cap);
  std::ranges::sort(caps);
  const auto [first, last] = std::ranges::unique(caps);
  caps.erase(first, last);
  return caps;
}

void count_trial(Row& row, const TrialResult& trial) {
  row.trials.push_back(&trial);
  row.finished += trial.status == TrialStatus::finished;
  row.interrupted += trial.status == TrialStatus::interrupted;
  row.crashed += trial.status == TrialStatus::crashed;
  row.calls += trial.ledger.scheduled;
  row.errors += calls_failed(trial);
  for (std::size_t i = 0; i < outcome_count; ++i) row.outcomes[i] += trial.ledger.calls[i];
  row.verdict = std::max(row.verdict, trial.verdict.level());
}

/// Finished trials, each with what it tells of its own figures' intervals.
using Sources = std::vector<TrialIntervals>;

std::optional<Spread> spread_of(const Sources& sources, Figure figure) {
  std::vector<double> values;
  const TrialIntervals* only = nullptr;
  std::uint64_t samples = std::numeric_limits<std::uint64_t>::max();
  const auto& about = entry(figure);
  for (const auto& source : sources) {
    const auto value = about.measure(source.trial());
    if (!value) continue;
    values.push_back(*value);
    only = &source;
    if (about.quantile)
      samples = std::min(samples, source.trial().metric(about.quantile->metric).ok.count());
  }
  auto found = spread(values);
  if (!found) return {};
  if (about.quantile) {
    found->samples = samples;
    found->samples_needed = samples_needed(about.quantile->p);
  }
  if (values.size() == 1)
    found->interval = only->of(figure);
  else if (about.unit != Unit::count)
    found->interval = repetition_interval(std::move(values));
  return found;
}

void measure(Row& row, bool is_floor) {
  Sources sources;
  for (const auto* trial : row.trials)
    if (trial->status == TrialStatus::finished) sources.emplace_back(*trial);
  for (std::size_t i = 0; i < figure_count; ++i)
    row.figures[i] = spread_of(sources, static_cast<Figure>(i));
  // The floor waits for nothing: beside the ideal of a real server it would look superhuman.
  if (is_floor) row.figures[index(Figure::efficiency)].reset();
}

std::vector<Row> rows_of(const Comparison& comparison) {
  std::map<std::pair<std::size_t, std::size_t>, Row> by_cap_and_contender;
  for (const auto& trial : comparison.results->trials) {
    const auto found = std::ranges::find(comparison.contenders, contender_of(trial.key));
    const auto contender = static_cast<std::size_t>(found - comparison.contenders.begin());
    auto& row = by_cap_and_contender[{trial.key.cap, contender}];
    row.contender = contender;
    row.cap = trial.key.cap;
    count_trial(row, trial);
  }
  std::vector<Row> rows;
  for (auto& [key, row] : by_cap_and_contender) {
    measure(row, comparison.contenders[row.contender].is_floor());
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

std::optional<Spread> spread(std::vector<double> values) {
  if (values.empty()) return {};
  std::ranges::sort(values);
  const auto middle = values.size() / 2;
  const double median =
      values.size() % 2 == 1 ? values[middle] : std::midpoint(values[middle - 1], values[middle]);
  return Spread{.median = median, .min = values.front(), .max = values.back()};
}

std::string Contender::label() const {
  constexpr std::size_t longest = 40;
  auto text = transport.empty() ? runner : runner + "/" + transport;
  if (!variant.empty()) text += " · " + variant;
  return shorten_name(printable_line(text), longest);
}

const Row* Comparison::find(std::size_t contender, std::size_t cap) const {
  const auto found = std::ranges::find_if(
      rows, [&](const Row& row) { return row.contender == contender && row.cap == cap; });
  return found == rows.end() ? nullptr : &*found;
}

std::optional<double> Comparison::ideal_makespan(std::size_t cap) const {
  std::optional<double> least;
  for (const auto& row : rows)
    if (const auto& ideal = row.figure(Figure::ideal); row.cap == cap && ideal)
      least = least ? std::min(*least, ideal->median) : ideal->median;
  return least;
}

Comparison compare(const ResultSet& results) {
  Comparison comparison{.results = &results,
                        .contenders = contenders_of(results),
                        .caps = caps_of(results),
                        .rows = {},
                        .winner = {}};
  comparison.rows = rows_of(comparison);
  rank(comparison);
  return comparison;
}

const Row* representative(const Comparison& comparison, std::size_t contender) {
  const auto focus = comparison.winner ? comparison.rows[*comparison.winner].cap : unlimited;
  const Row* best = nullptr;
  for (const auto& row : comparison.rows) {
    if (row.contender != contender || row.finished == 0) continue;
    if (!best || row.cap <= focus) best = &row;
  }
  return best;
}

std::vector<const Row*> telling_rows(const Comparison& comparison) {
  constexpr std::size_t most = 16;
  std::vector<const Row*> rows;
  for (const auto& row : comparison.rows)
    if (row.finished > 0 && !comparison.contender(row).is_floor()) rows.push_back(&row);
  if (rows.size() <= most) return rows;
  std::erase_if(rows, [&](const Row* row) {
    const bool of_winner =
        comparison.winner && row->contender == comparison.rows[*comparison.winner].contender;
    return !of_winner && row != representative(comparison, row->contender);
  });
  return rows;
}

const TrialResult* first_finished(const Row& row) {
  const TrialResult* first = nullptr;
  for (const auto* trial : row.trials)
    if (trial->status == TrialStatus::finished &&
        (!first || trial->key.repetition < first->key.repetition))
      first = trial;
  return first;
}

Histogram pooled(const Row& row, Metric metric) {
  Histogram all;
  for (const auto* trial : row.trials)
    if (trial->status == TrialStatus::finished) all.merge(trial->metric(metric).ok);
  return all;
}

std::string describe(const Comparison& comparison, const Row& row) {
  return fmt::format("{} at cap {}", comparison.contender(row).label(), format_limit(row.cap));
}

std::string describe_briefly(const Comparison& comparison, const Row& row) {
  return comparison.caps.size() > 1 ? describe(comparison, row) : comparison.contender(row).label();
}

}  // namespace atonce
