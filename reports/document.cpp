#include "reports/document.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/units.h"
#include "reports/accounts.h"
#include "reports/charts/charts.h"
#include "reports/charts/style.h"
#include "reports/escape.h"
#include "reports/names.h"
#include "reports/winner.h"

namespace atonce {
namespace {

std::string load_in_words(LoadShape shape) {
  switch (shape) {
    case LoadShape::batch:
      return "batch: all calls are due at once";
    case LoadShape::closed:
      return "closed: a call is due whenever a slot under the cap is free";
    case LoadShape::constant:
      return "open: calls are due at a given rate, evenly";
    case LoadShape::poisson:
      return "open: calls are due at a given rate, at random (Poisson)";
    case LoadShape::gamma:
      return "open: calls are due at a given rate, at random (gamma gaps)";
    case LoadShape::jitter:
      return "open: calls are due at a given rate, evenly but for a jitter";
    case LoadShape::trace:
      return "open: calls are due when a recorded trace has them";
  }
  return {};
}

/// Of the first trial that had one.
std::string warm_up_in_words(const ResultSet& results) {
  for (const auto& trial : results.trials)
    if (const auto& [counts, until] = trial.warm_up; until > Nanos{0})
      return fmt::format("{}, {} in the first trial: played, but in no percentile and no rate",
                         format_duration(until), counted(counts.calls, "call"));
  return {};
}

Facts run_facts(const ResultSet& results) {
  const auto trials = results.trials.size();
  Facts facts{{"Load", load_in_words(results.shape)},
              {"Target", printable_line(results.target)},
              {"Seed", fmt::to_string(results.seed)},
              {"Time scale", fmt::format("{}", results.time_scale)},
              {"Trials", trials == results.planned_trials
                             ? fmt::to_string(trials)
                             : fmt::format("{} of {} planned", trials, results.planned_trials)},
              {"Created", printable_line(results.created)}};
  if (auto warm_up = warm_up_in_words(results); !warm_up.empty())
    facts.insert(facts.begin() + 1, {"Warm-up", std::move(warm_up)});
  return facts;
}

Facts environment_facts(const ResultSet& results) {
  Facts facts;
  for (const auto& [key, value] : results.environment)
    facts.emplace_back(printable_line(key), printable_line(value));
  return facts;
}

template <class T>
void add_once(std::vector<T>& list, const T& value) {
  if (std::ranges::find(list, value) == list.end()) list.push_back(value);
}

std::string command_of(const Comparison& comparison) {
  const auto& results = *comparison.results;
  std::vector<std::string> words{"atonce", "run", shell_word(printable_line(results.scenario))};
  std::vector<std::string> runners, transports, variants;
  for (const auto& contender : comparison.contenders) {
    add_once(runners, contender.runner);
    if (!contender.transport.empty()) add_once(transports, contender.transport);
    if (!contender.variant.empty()) add_once(variants, contender.variant);
  }
  const auto option = [&words](std::string name, const std::string& value) {
    words.push_back(std::move(name));
    words.push_back(shell_word(printable_line(value)));
  };
  for (const auto& runner : runners) option("--runner", runner);
  for (const auto& transport : transports) option("--transport", transport);
  for (const auto& variant : variants) option("--variant", variant);
  for (const auto cap : comparison.caps) option("--cap", format_limit(cap));
  std::size_t repetitions = 1;
  for (const auto& row : comparison.rows) repetitions = std::max(repetitions, row.trials.size());
  option("--repeat", fmt::to_string(repetitions));
  option("--seed", fmt::to_string(results.seed));
  option("--time-scale", fmt::format("{}", results.time_scale));
  if (results.target.starts_with("http")) option("--url", results.target);
  return fmt::format("{}", fmt::join(words, " "));
}

/// "SUSPECT: 20 VALID, 4 SUSPECT of 24 configurations".
std::string verdict_line(const std::map<VerdictLevel, std::size_t>& verdicts, bool strict) {
  if (verdicts.empty()) return "INVALID: nothing was played";
  std::size_t all = 0;
  std::vector<std::string> parts;
  for (const auto& [level, count] : verdicts) {
    all += count;
    parts.push_back(fmt::format("{} {}", count, name(level)));
  }
  const auto worst = verdicts.rbegin()->first;
  if (worst == VerdictLevel::valid)
    return fmt::format("VALID: {} configuration{}", all, all == 1 ? "" : "s");
  const bool failure = strict && worst == VerdictLevel::suspect;
  return fmt::format("{}: {} of {} configurations{}", name(worst), fmt::join(parts, ", "), all,
                     failure ? ", a failure under --strict" : "");
}

std::vector<Section> sections_of(const Comparison& comparison) {
  auto sections = aspect_sections(comparison);
  if (auto models = model_section(comparison)) sections.push_back(std::move(*models));
  return sections;
}

}  // namespace

Document make_document(const ResultSet& results, bool charts) {
  const auto comparison = compare(results);
  Document document{.title = printable_line(results.scenario),
                    .summary = printable_line(results.summary),
                    .headline = headline(comparison),
                    .verdict = {},
                    .verdicts = {},
                    .colours = {},
                    .table = summary_table(comparison),
                    .matrix = matrix_table(comparison),
                    .sections = sections_of(comparison),
                    .accounts_line = accounts_line(comparison),
                    .accounts = accounts_table(comparison),
                    .notes = notes_of(comparison),
                    .charts = {},
                    .run = run_facts(results),
                    .environment = environment_facts(results),
                    .scenario_text = printable_text(results.scenario_text),
                    .command = command_of(comparison)};
  for (const auto& row : comparison.rows) ++document.verdicts[row.verdict];
  document.verdict = verdict_line(document.verdicts, results.strict);
  for (std::size_t i = 0; i < comparison.contenders.size(); ++i)
    document.colours.push_back(contender_colour(comparison, i));
  if (charts) document.charts = make_charts(comparison);
  return document;
}

}  // namespace atonce
