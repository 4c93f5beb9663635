#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>

#include "bench/gate/calibration.h"
#include "bench/gate/judgement.h"
#include "bench/gate/measures.h"
#include "bench/gate/record_json.h"
#include "bench/gate/resample.h"
#include "core/units.h"
#include "reports/markdown_parts.h"
#include "reports/report.h"
#include "reports/terminal_table.h"

namespace atonce::gate {
namespace {

using nlohmann::ordered_json;

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

std::string found_text(const Found& found) {
  const std::string after = found.failed > 0 ? format_duration(found.median) : "never";
  return fmt::format("{} {} ({:.0f} %)", found.where, after,
                     100 * static_cast<double>(found.failed) / static_cast<double>(found.jobs));
}

std::string worse_text(const Calibration& calibration) {
  if (calibration.worse.empty()) return {};
  std::vector<std::string> alone;
  for (std::size_t i = 1; i < calibration.worse.size(); ++i)
    alone.push_back(found_text(calibration.worse[i]));
  return fmt::format(
      "How long it takes to find that something is 10 % worse, in jobs made of these pairs "
      "(median; "
      "share of the jobs that say FAIL): {}; one cell alone: {}.",
      found_text(calibration.worse.front()), fmt::join(alone, ", "));
}

std::vector<std::string> sentences(const Record& record, const Calibration& calibration) {
  std::vector<std::string> all{
      advice(calibration), worse_text(calibration), replay_text(calibration),
      fmt::format("{} pairs, {} dropped.", calibration.pairs, calibration.dropped)};
  if (!record.failure.empty()) all.push_back("The run failed: " + record.failure);
  for (const std::string& why : record.left_out) all.push_back("Left out: " + why + ".");
  std::erase(all, "");
  return all;
}

/// What is not finite is written as null.
std::string calibration_json(const Record& record, const Calibration& calibration) {
  ordered_json cells = ordered_json::array(), worse = ordered_json::array();
  for (const CellCalibration& cell : calibration.cells)
    cells.push_back({{"name", cell.info.name},
                     {"unit", cell.info.unit},
                     {"value", cell.value},
                     {"noise", cell.noise},
                     {"lag_1", cell.correlation},
                     {"second", cell.position},
                     {"detectable", cell.detectable}});
  for (const Found& found : calibration.worse)
    worse.push_back({{"where", found.where},
                     {"jobs", found.jobs},
                     {"failed", found.failed},
                     {"median_ns", found.failed > 0 ? ordered_json(found.median.count())
                                                    : ordered_json(nullptr)}});
  return ordered_json{{"schema", "atonce.calibration/1"},
                      {"scenario", record.scenario},
                      {"pairs", calibration.pairs},
                      {"dropped", calibration.dropped},
                      {"pairs_in_budget", calibration.pairs_in_budget},
                      {"cells", cells},
                      {"unchanged",
                       {{"jobs", calibration.jobs},
                        {"failed", calibration.failed},
                        {"passed", calibration.passed},
                        {"most_false_fails", calibration.most_false_fails}}},
                      {"worse_by", worse_by},
                      {"worse", worse}}
             .dump(1) +
         "\n";
}

}  // namespace

void write_calibration(const Record& record, const Calibration& calibration,
                       const std::filesystem::path& dir) {
  std::filesystem::create_directories(dir);
  write_whole(dir / "gate.json", to_json(record, judgement_of(record)));
  std::string text = fmt::format("# Calibration: {}\n\n", record.scenario);
  text += markdown_table(table_of(calibration));
  for (const std::string& sentence : sentences(record, calibration)) text += "- " + sentence + '\n';
  text += "\n" + markdown_facts(record.environment);
  write_whole(dir / "calibration.md", text);
  write_whole(dir / "calibration.json", calibration_json(record, calibration));
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
