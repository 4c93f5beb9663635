#include "reports/winner.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <tuple>

#include "core/units.h"
#include "reports/findings.h"
#include "reports/names.h"

namespace atonce {
namespace {

/// Two medians this close are a tie on machines that do other work as well.
constexpr double tie = 0.02;
/// Under a given rate only those that carry the rate are compared by response time.
constexpr double carries_rate = 0.98;

Figure leading(const Comparison& comparison) {
  return leading_figure(comparison.results->shape);
}

/// Smaller is better, whatever the figure.
double cost(Figure figure, const Row& row) {
  const double median = row.figure(figure)->median;
  return entry(figure).more_is_better ? -median : median;
}

bool ranked(const Comparison& comparison, const Row& row) {
  return row.figure(leading(comparison)) && row.verdict != VerdictLevel::invalid &&
         !comparison.contender(row).is_floor();
}

double best_throughput(const Comparison& comparison) {
  double best = 0;
  for (const auto& row : comparison.rows)
    if (ranked(comparison, row) && row.figure(Figure::throughput))
      best = std::max(best, row.figure(Figure::throughput)->median);
  return best;
}

/// Rows that may win, the best first.
std::vector<const Row*> ranking(const Comparison& comparison) {
  const auto figure = leading(comparison);
  const double enough =
      figure == Figure::response_p99 ? carries_rate * best_throughput(comparison) : 0;
  std::vector<const Row*> rows;
  for (const auto& row : comparison.rows) {
    if (!ranked(comparison, row)) continue;
    const auto& carried = row.figure(Figure::throughput);
    if (enough == 0 || (carried && carried->median >= enough)) rows.push_back(&row);
  }
  std::ranges::stable_sort(rows, {}, [figure](const Row* row) {
    return std::make_tuple(row->errors > 0, cost(figure, *row));
  });
  return rows;
}

std::string first_clause(const Comparison& comparison, const Row& best) {
  const auto who = describe(comparison, best);
  const auto value = [&](Figure figure) { return format(figure, best.figure(figure)->median); };
  if (comparison.results->shape == LoadShape::batch) {
    auto text =
        fmt::format("{} was fastest: {} in {}", who,
                    counted(best.calls / best.trials.size(), "call"), value(Figure::makespan));
    if (best.figure(Figure::efficiency))
      text += fmt::format(", {} of the ideal", value(Figure::efficiency));
    return text;
  }
  const auto verb =
      leading(comparison) == Figure::throughput ? "carried the most" : "answered fastest";
  auto text = fmt::format("{} {}", who, verb);
  if (best.figure(Figure::throughput)) text += fmt::format(": {}", value(Figure::throughput));
  if (best.figure(Figure::response_p99))
    text += fmt::format(", 99 % of the calls within {}", value(Figure::response_p99));
  return text;
}

/// The best row of each contender but the first one's, the best first.
std::vector<const Row*> runners_up(const std::vector<const Row*>& ranking) {
  std::set<std::size_t> seen{ranking.front()->contender};
  std::vector<const Row*> others;
  for (const auto* row : ranking)
    if (seen.insert(row->contender).second) others.push_back(row);
  return others;
}

std::string ties_clause(const Comparison& comparison, const std::vector<const Row*>& others,
                        const Row& best) {
  const auto figure = leading(comparison);
  const double best_median = best.figure(figure)->median;
  std::vector<std::string> names;
  for (const auto* row : others) {
    const double gap = std::abs(row->figure(figure)->median - best_median);
    if (row->errors == best.errors && gap <= tie * best_median)
      names.push_back(comparison.contender(*row).label());
  }
  if (names.empty()) return {};
  constexpr std::size_t most_named = 2;
  const auto who = names.size() > most_named ? fmt::format("{} others", names.size())
                                             : fmt::format("{}", fmt::join(names, " and "));
  return fmt::format("; {} {} within {:.0f} %", who, names.size() == 1 ? "was" : "were", tie * 100);
}

std::string last_clause(const Comparison& comparison, const std::vector<const Row*>& others,
                        const Row& best) {
  const auto figure = leading(comparison);
  if (others.empty()) return {};
  const auto& slowest = *others.back();
  const auto& worst = *slowest.figure(figure);
  if (std::abs(worst.median - best.figure(figure)->median) <= tie * best.figure(figure)->median)
    return {};
  const auto verb = figure == Figure::throughput ? "reached" : "took";
  return fmt::format("; {} {} {}", comparison.contender(slowest).label(), verb,
                     format(figure, worst.median));
}

std::string conclusion(const Comparison& comparison) {
  const auto ranked_rows = ranking(comparison);
  if (ranked_rows.empty()) return "No trial gave a figure that can be ranked.";
  const auto& best = *ranked_rows.front();
  if (auto found = finding(comparison, best); !found.empty()) {
    if (best.errors > 0)
      found += fmt::format("; {} of {} failed with {}", best.errors, counted(best.calls, "call"),
                           describe_briefly(comparison, best));
    return found + '.';
  }
  const auto others = runners_up(ranked_rows);
  auto text = first_clause(comparison, best);
  if (best.errors > 0)
    text += fmt::format(", but {} of {} failed", best.errors, counted(best.calls, "call"));
  return text + ties_clause(comparison, others, best) + last_clause(comparison, others, best) + ".";
}

}  // namespace

void rank(Comparison& comparison) {
  const auto figure = leading(comparison);
  std::ranges::stable_sort(comparison.rows, {}, [&](const Row& row) {
    const bool measured = row.figure(figure).has_value();
    return std::make_tuple(row.cap, comparison.contender(row).is_floor(), !measured,
                           measured ? cost(figure, row) : 0);
  });
  const auto order = ranking(comparison);
  if (!order.empty())
    comparison.winner = static_cast<std::size_t>(order.front() - comparison.rows.data());
}

std::string headline(const Comparison& comparison) {
  const auto& results = *comparison.results;
  if (!results.interrupted) return conclusion(comparison);
  return fmt::format("Interrupted: {} of {} trials are in. {}", results.trials.size(),
                     results.planned_trials, conclusion(comparison));
}

}  // namespace atonce
