#include "reports/accounts.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/indicators.h"
#include "reports/names.h"
#include "reports/table_builder.h"

namespace atonce {
namespace {

/// Attempts of the trials for which there is a server's account.
struct Attempts {
  std::uint64_t made = 0, seen = 0;
  bool witnessed = false;
};

void add(const TrialResult& trial, Ledger& ledger, Attempts& attempts) {
  ledger.scheduled += trial.ledger.scheduled;
  for (std::size_t i = 0; i < outcome_count; ++i) ledger.calls[i] += trial.ledger.calls[i];
  if (!trial.server) return;
  attempts.witnessed = true;
  attempts.made += trial.attempts;
  attempts.seen += trial.server->attempts;
}

Ledger ledger_of(const Row& row) {
  Ledger ledger;
  Attempts attempts;
  for (const auto* trial : row.trials) add(*trial, ledger, attempts);
  return ledger;
}

Attempts attempts_of(const Row& row) {
  Ledger ledger;
  Attempts attempts;
  for (const auto* trial : row.trials) add(*trial, ledger, attempts);
  return attempts;
}

bool balances(const Row& row) {
  return std::ranges::all_of(row.trials, [](const TrialResult* trial) {
    return trial->ledger.conserved() && !indicators::server_count_mismatch(*trial);
  });
}

Cell count_cell(const Row& row, std::uint64_t Attempts::*count) {
  const auto attempts = attempts_of(row);
  return {attempts.witnessed ? fmt::to_string(attempts.*count) : no_figure};
}

}  // namespace

std::string conservation(const Ledger& ledger) {
  auto text = fmt::format("{} scheduled {} {} ok", ledger.scheduled, ledger.conserved() ? "=" : "≠",
                          ledger.calls[index(Outcome::ok)]);
  for (std::size_t i = 0; i < outcome_count; ++i)
    if (const auto outcome = static_cast<Outcome>(i); outcome != Outcome::ok && ledger.calls[i] > 0)
      text += fmt::format(" + {} {}", ledger.calls[i], name(outcome));
  return text;
}

std::string accounts_line(const Comparison& comparison) {
  Ledger all;
  Attempts attempts;
  std::size_t trials = 0;
  for (const auto& row : comparison.rows) {
    if (!balances(row))
      return fmt::format("Not every call is accounted for: {}, {}.", describe(comparison, row),
                         conservation(ledger_of(row)));
    trials += row.trials.size();
    for (const auto* trial : row.trials) add(*trial, all, attempts);
  }
  if (trials == 0) return {};
  auto text = fmt::format("Every call accounted for in {}: {}", counted(trials, "trial"),
                          conservation(all));
  if (attempts.witnessed)
    text += fmt::format("; the server saw {} attempts, the client made {}", attempts.seen,
                        attempts.made);
  return text + ".";
}

Table accounts_table(const Comparison& comparison) {
  std::vector<const Row*> rows;
  for (const auto& row : comparison.rows) rows.push_back(&row);
  TableBuilder builder(comparison, std::move(rows));
  builder.add_contender();
  builder.add({.header = "calls", .meaning = "what became of each call, in all repetitions"},
              [](const Row& row) {
                return Cell{conservation(ledger_of(row)), balances(row) ? Tone::plain : Tone::bad};
              });
  builder.add(
      {.header = "attempts made", .meaning = "requests, by the client's count", .number = true},
      [](const Row& row) { return count_cell(row, &Attempts::made); });
  builder.add({.header = "seen by the server",
               .meaning = "requests that arrived, by its own count; one that was cut off on the "
                          "way may not have",
               .number = true},
              [](const Row& row) { return count_cell(row, &Attempts::seen); });
  return builder.take();
}

}  // namespace atonce
