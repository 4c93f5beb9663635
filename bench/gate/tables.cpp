#include "bench/gate/tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "bench/gate/measures.h"
#include "bench/gate/resample.h"
#include "bench/gate/thresholds.h"
#include "core/units.h"
#include "reports/escape.h"

namespace atonce::gate {
namespace {

Tone tone_of(CellState state) {
  switch (state) {
    case CellState::sound:
    case CellState::better:
      return Tone::good;
    case CellState::worse:
      return Tone::bad;
    case CellState::suspected:
    case CellState::open:
      break;
  }
  return Tone::caution;
}

std::string interval(const CellReport& cell) {
  if (!std::isfinite(cell.low) && !std::isfinite(cell.high)) return no_figure;
  std::string low = format_share(cell.low);
  if (low.ends_with(" %")) low.erase(low.size() - 2);
  return low + ".." + format_share(cell.high);
}

/// Less than this may be chance, or does not matter.
double surprising_position(const CellReport& cell, std::size_t pairs) {
  return std::max(0.02, 3 * cell.noise / std::sqrt(static_cast<double>(pairs)));
}

std::string worst_detectable(const Judgement& judgement) {
  const CellReport* worst = nullptr;
  for (const CellReport& cell : judgement.cells)
    if (!worst || !(cell.detectable <= worst->detectable)) worst = &cell;
  if (!worst || worst->detectable <= worth_seeing) return {};
  if (!std::isfinite(worst->detectable))
    return fmt::format(
        "{}: too little is known of its noise, or it is too large for any effect to "
        "be found within the budget.",
        worst->info.name);
  return fmt::format(
      "Not measurable here: in {} the smallest effect that this budget finds is {}. Longer "
      "slices or a longer budget help; else leave it out (--cells).",
      worst->info.name, format_detectable(worst->detectable));
}

std::string failed_calls(const Rules& rules, const Judgement& judgement) {
  const auto of = [&](Side side) {
    const ErrorReport& report = judgement.errors[static_cast<std::size_t>(side)];
    return fmt::format("{} {} of {}, evidence {:.4g}", name(side), report.errors, report.calls,
                       report.wealth);
  };
  return fmt::format("{}; {} (needs {:.4g} that it is more than {:.3g} %)", of(Side::baseline),
                     of(Side::candidate), std::exp(enough_errors(rules)), 100 * rules.most_errors);
}

void remark_design(const Record& record, const Judgement& judgement,
                   std::vector<std::string>& remarks) {
  if (record.design == Design::stored)
    remarks.emplace_back(
        "The baseline was measured earlier: no coin decided the order, so that a machine that has "
        "become slower looks like a slower candidate. The error rates hold only if nothing else "
        "changed.");
  if (judgement.advisory) {
    std::string keys;
    for (const auto& [key, value] : record.foreign)
      keys += fmt::format("{}{} ({})", keys.empty() ? "" : ", ", key, value);
    remarks.push_back(fmt::format("Advisory only, it suggests {}: the environment differs in {}.",
                                  name(judgement.suggests), keys));
  }
  if (record.design == Design::benchmarks)
    remarks.emplace_back(
        "Read from two files. Not known: that the order was random, that both ran on the same "
        "machine in the same minutes, that each repetition was a process of its own. There is no "
        "control arm. The error rates hold only as far as the n-th repetitions of both files are "
        "exchangeable: run the two programs in turns, in random order, one repetition each.");
}

}  // namespace

std::string headline(const Judgement& judgement) {
  return printable_line(fmt::format("{}{}: {}", name(judgement.answer),
                                    judgement.advisory ? " (advisory)" : "", judgement.reason));
}

Table cell_table(const Judgement& judgement) {
  Table table;
  table.columns = {
      {.header = "cell", .key = true},
      {.header = "baseline", .meaning = "Median of its slices", .number = true},
      {.header = "candidate", .meaning = "Median of its slices", .number = true},
      {.header = "effect",
       .meaning =
           "Hodges-Lehmann estimate over the pairs; more than 0 is worse, also for throughput",
       .number = true},
      {.header = "interval",
       .meaning =
           "95 % confidence sequence of the effect: holds at every moment, whenever one stops",
       .number = true},
      {.header = "finds",
       .meaning = "The smallest effect that ends in FAIL with probability 0.99 within the budget, "
                  "with the noise that was seen",
       .number = true},
      {.header = "verdict", .meaning = "ok: proved not to be worse by a regression"}};
  for (const CellReport& cell : judgement.cells)
    table.rows.push_back({.cells = {{printable_line(cell.info.name)},
                                    {format_value(cell.info, cell.baseline)},
                                    {format_value(cell.info, cell.candidate)},
                                    {format_share(cell.effect)},
                                    {interval(cell)},
                                    {format_detectable(cell.detectable)},
                                    {std::string(name(cell.state)), tone_of(cell.state)}}});
  return table;
}

std::vector<std::string> remarks(const Record& record, const Judgement& judgement) {
  std::vector<std::string> remarks;
  remark_design(record, judgement, remarks);
  const bool decided = judgement.answer == Answer::pass || judgement.answer == Answer::fail;
  if (auto weak = worst_detectable(judgement); !weak.empty() && (!decided || judgement.used > 10))
    remarks.push_back(std::move(weak));
  for (const auto& [why, count] : judgement.drop_reasons)
    remarks.push_back(fmt::format("Dropped {} pair{}: {}.", count, count == 1 ? "" : "s", why));
  for (const CellReport& cell : judgement.cells)
    if (std::abs(cell.position) > surprising_position(cell, judgement.used))
      remarks.push_back(fmt::format("{}: the second slice of a pair is {} (taken out).",
                                    cell.info.name, format_share(cell.position)));
  if (judgement.improved) remarks.emplace_back("Some cells are better than the baseline.");
  for (const std::string& why : record.left_out) remarks.push_back("Left out: " + why + ".");
  return remarks;
}

Facts run_facts(const Record& record, const Judgement& judgement) {
  const Rules& rules = record.rules;
  Facts facts{{"baseline", record.baseline},
              {"candidate", record.candidate},
              {"pairs", fmt::format("{} compared, {} control, {} dropped", judgement.used,
                                    judgement.controls, judgement.dropped)}};
  if (record.load.rate > 0)
    facts.emplace_back(
        "open slices",
        fmt::format("{} sessions/s, {} after {}", format_count(record.load.rate),
                    format_duration(record.load.measured), format_duration(record.load.warm_up)));
  if (record.load.closed)
    facts.emplace_back("closed slices", format_duration(record.load.measured));
  facts.emplace_back("errors",
                     fmt::format("false FAIL at most {:.3g} % up to {:+.3g} %, false PASS "
                                 "at most {:.3g} % from {:+.3g} % on",
                                 100 * rules.alpha, 100 * rules.tolerated, 100 * rules.beta,
                                 100 * rules.regression));
  facts.emplace_back(
      "evidence", fmt::format("{:.3g} for FAIL (needs {:.3g}), control {:.3g} (alarm "
                              "at {:.3g})",
                              judgement.worse_wealth, std::exp(enough_for_fail(rules)),
                              judgement.control_wealth, std::exp(enough_for_control_alarm(rules))));
  facts.emplace_back("failed calls", failed_calls(rules, judgement));
  facts.emplace_back("coins", fmt::format("seed {}", record.seed));
  facts.emplace_back("created", record.created);
  return facts;
}

}  // namespace atonce::gate
