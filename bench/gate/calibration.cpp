#include "bench/gate/calibration.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "bench/gate/judgement.h"
#include "bench/gate/measures.h"
#include "bench/gate/record_json.h"
#include "bench/gate/resample.h"
#include "bench/gate/virtual_job.h"
#include "core/distributions.h"
#include "reports/markdown_parts.h"
#include "reports/report.h"
#include "reports/terminal_table.h"

namespace atonce::gate {
namespace {

constexpr std::size_t replayed_jobs = 1000;
constexpr std::size_t fewest_pairs = 10;

double lag_correlation(const std::vector<double>& values) {
  if (values.size() < 3) return 0;
  double mean = 0;
  for (const double value : values) mean += value / static_cast<double>(values.size());
  double own = 0, next = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    own += (values[i] - mean) * (values[i] - mean);
    if (i > 0) next += (values[i] - mean) * (values[i - 1] - mean);
  }
  return own > 0 ? next / own : 0;
}

void replay_jobs(const std::vector<Pair>& pairs, const Record& record, Calibration& calibration) {
  if (pairs.size() < fewest_pairs || calibration.pairs_in_budget == 0) return;
  Rules rules = record.rules;
  rules.most_pairs = calibration.pairs_in_budget;
  calibration.jobs = replayed_jobs;
  for (std::uint64_t job = 0; job < replayed_jobs; ++job) {
    PairDraw draw(pairs, job);
    const auto played = play_virtual_job([&] { return draw.next(); }, record.cells, rules);
    calibration.failed += played.decision == Decision::regression;
    calibration.passed += played.decision == Decision::pass;
  }
  calibration.most_false_fails = clopper_pearson(static_cast<double>(calibration.failed),
                                                 static_cast<double>(calibration.jobs), 0.05)
                                     .high;
}

Table table_of(const Calibration& calibration) {
  Table table;
  table.columns = {
      {.header = "cell", .key = true},
      {.header = "value", .meaning = "Median of the slices", .number = true},
      {.header = "noise", .meaning = "Standard deviation of a pair's difference", .number = true},
      {.header = "lag-1",
       .meaning = "Correlation of a pair's difference with the next one's",
       .number = true},
      {.header = "second", .meaning = "What it costs to be second", .number = true},
      {.header = "finds",
       .meaning = "Smallest effect that ends in FAIL with probability 0.99 within five minutes",
       .number = true}};
  for (const CellCalibration& cell : calibration.cells) {
    table.rows.push_back({.cells = {{cell.info.name},
                                    {format_value(cell.info, cell.value)},
                                    {fmt::format("{:.1f} %", 100 * cell.noise)},
                                    {fmt::format("{:+.2f}", cell.correlation)},
                                    {format_share(cell.position)},
                                    {format_detectable(cell.detectable),
                                     cell.detectable <= worth_seeing ? Tone::good : Tone::bad}}});
  }
  return table;
}

std::string advice(const Calibration& calibration) {
  if (calibration.pairs < fewest_pairs)
    return fmt::format("{} pairs are too few to say anything: give it longer (--for).",
                       calibration.pairs);
  std::vector<std::string> weak, strong;
  for (const CellCalibration& cell : calibration.cells)
    (cell.detectable <= worth_seeing ? strong : weak).push_back(cell.info.name);
  if (weak.empty()) return "A regression of 10 % is found in every cell within five minutes.";
  if (strong.empty())
    return "Not measurable here: no cell shows a regression of 10 % within five minutes. Use "
           "longer slices (--slice 3s), a longer --budget, or a quieter machine.";
  return fmt::format(
      "Not measurable here within five minutes, as far as 10 % go: {}. Use --cells {}, longer "
      "slices (--slice 3s) or a longer --budget.",
      fmt::join(weak, ", "), fmt::join(strong, ","));
}

std::string replay_text(const Calibration& calibration) {
  if (calibration.jobs == 0) return {};
  return fmt::format(
      "{} jobs made of these pairs: {} FAIL (at most {:.2g} % of all with 95 % confidence), {} "
      "PASS, {} INCONCLUSIVE, in {} pairs each at most.",
      calibration.jobs, calibration.failed, 100 * calibration.most_false_fails, calibration.passed,
      calibration.jobs - calibration.failed - calibration.passed, calibration.pairs_in_budget);
}

std::vector<std::string> sentences(const Record& record, const Calibration& calibration) {
  std::vector<std::string> all{
      advice(calibration), replay_text(calibration),
      fmt::format("{} pairs, {} dropped.", calibration.pairs, calibration.dropped)};
  if (!record.failure.empty()) all.push_back("The run failed: " + record.failure);
  for (const std::string& why : record.left_out) all.push_back("Left out: " + why + ".");
  std::erase(all, "");
  return all;
}

}  // namespace

Calibration calibration_of(const Record& record) {
  const auto pairs = usable_pairs(record);
  Rules usual = record.rules;
  usual.most_time = Rules{}.most_time;
  Calibration calibration;
  calibration.pairs = pairs.size();
  calibration.dropped = record.pairs.size() - pairs.size();
  calibration.pairs_in_budget = pairs_within(record, usual.most_time);
  const std::size_t compared = compared_of(calibration.pairs_in_budget, usual);
  Contest contest(record.cells.size(), usual);
  for (const Pair& pair : pairs) {
    std::vector<double> differences;
    for (std::size_t i = 0; i < record.cells.size(); ++i)
      differences.push_back(*difference(record.cells[i], pair.slices[0], pair.slices[1], i));
    contest.add(differences, pair.candidate_first);
  }
  for (std::size_t i = 0; i < record.cells.size(); ++i) {
    const auto& differences = contest.cells()[i].differences();
    calibration.cells.push_back(
        {.info = record.cells[i],
         .value = median_value(record, Side::baseline, i),
         .noise = deviation(differences),
         .correlation = lag_correlation(differences),
         .position = std::expm1(contest.cells()[i].position()),
         .detectable = smallest_detectable(differences, usual, record.cells.size(), compared)});
  }
  replay_jobs(pairs, record, calibration);
  return calibration;
}

void write_calibration(const Record& record, const Calibration& calibration,
                       const std::filesystem::path& dir) {
  std::filesystem::create_directories(dir);
  write_whole(dir / "gate.json", to_json(record, judgement_of(record)));
  std::string text = fmt::format("# Calibration: {}\n\n", record.scenario);
  text += markdown_table(table_of(calibration));
  for (const std::string& sentence : sentences(record, calibration)) text += "- " + sentence + '\n';
  text += "\n" + markdown_facts(record.environment);
  write_whole(dir / "calibration.md", text);
}

std::string calibration_text(const Record& record, const Calibration& calibration, bool colour,
                             int asked_width) {
  const auto width = terminal_width_of(asked_width);
  std::string out = terminal_table(table_of(calibration), width, Ink(colour)) + '\n';
  for (const std::string& sentence : sentences(record, calibration))
    out += wrapped("- " + sentence, width, 2);
  return out;
}

}  // namespace atonce::gate
