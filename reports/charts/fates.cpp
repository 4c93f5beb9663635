#include <algorithm>
#include <utility>

#include "reports/charts/charts.h"
#include "reports/charts/stack_chart.h"
#include "reports/charts/style.h"
#include "reports/topics.h"

namespace atonce {
namespace {

/// Attempts by how they ended. To a client a ban looks like any other refusal: only the server
/// knows of it.
struct Fates {
  std::uint64_t ok = 0, rate_limited = 0, banned = 0, cancelled = 0, failed = 0;
};

Fates fates_of(const TrialResult& trial) {
  const auto& outcomes = trial.attempt_outcomes;
  Fates fates{.ok = outcomes[index(Outcome::ok)],
              .rate_limited = outcomes[index(Outcome::rate_limited)],
              .cancelled = outcomes[index(Outcome::cancelled)]};
  const auto explained = fates.ok + fates.rate_limited + fates.cancelled;
  const auto rest = trial.attempts - std::min(trial.attempts, explained);
  fates.banned = trial.server ? std::min(trial.server->banned, rest) : 0;
  fates.failed = rest - fates.banned;
  return fates;
}

Stack stack_of(const Row& row) {
  Stack stack{&row, {0, 0, 0, 0, 0}};
  double calls = 0;
  for (const auto* trial : row.trials) {
    if (trial->status != TrialStatus::finished) continue;
    const auto fates = fates_of(*trial);
    std::size_t i = 0;
    for (const auto part :
         {fates.ok, fates.rate_limited, fates.banned, fates.cancelled, fates.failed})
      stack.sizes[i++] += static_cast<double>(part);
    calls += static_cast<double>(trial->ledger.scheduled);
  }
  for (double& size : stack.sizes) size /= std::max(calls, 1.0);
  return stack;
}

}  // namespace

std::optional<Chart> fates_chart(const Comparison& comparison) {
  if (!tells_of(comparison, Topic::refusals)) return {};
  auto rows = telling_rows(comparison);
  std::ranges::sort(rows, {}, [](const Row* row) { return std::pair(row->contender, row->cap); });
  std::vector<Stack> stacks;
  for (const auto* row : rows) stacks.push_back(stack_of(*row));
  return stack_chart(comparison, stacks,
                     {{"ok", "hue2"},
                      {"rate limited (429)", "hue4"},
                      {"banned", "hue1"},
                      {"cancelled", "neutral"},
                      {"failed otherwise", "hue3"}},
                     Unit::ratio,
                     {"fates", "What became of the attempts?",
                      "Attempts per call by how they ended, at " + cap_in_words(rows) +
                          ". What is longer than 1.00 was sent again.",
                      "attempts per call"});
}

}  // namespace atonce
