#include "bench/gate/study/tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "bench/gate/calibration.h"
#include "bench/gate/measures.h"
#include "bench/gate/study/evidence_race.h"
#include "bench/gate/study/rivals.h"
#include "core/distributions.h"

namespace atonce::gate::study {
namespace {

constexpr std::size_t few_slices = 10;
constexpr double ten_per_cent = 1.1;

/// "0.3 % (0.1 to 0.6)": with a 95 % interval.
std::string share(std::size_t hits, std::size_t of) {
  const auto k = static_cast<double>(hits), n = static_cast<double>(of);
  const Bounds bounds = clopper_pearson(k, n, 0.025);
  return fmt::format("{:.2f} % ({:.2f} to {:.2f})", 100 * k / n, 100 * bounds.low,
                     100 * bounds.high);
}

std::string median_text(std::vector<double> values, double unit) {
  if (values.empty()) return "-";
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return fmt::format("{:.0f}", *middle * unit);
}

double found(const Recording& recording, const Rival& rival, Practice practice, std::size_t slices,
             const Injection& injection, std::size_t jobs) {
  std::size_t alarms = 0;
  for (std::uint64_t job = 0; job < jobs; ++job) {
    const auto cells = samples_of(recording, practice, slices, injection, job);
    alarms += std::ranges::any_of(
        cells, [&](const Samples& samples) { return rival.finds_worse(samples, job); });
  }
  return 100 * static_cast<double>(alarms) / static_cast<double>(jobs);
}

}  // namespace

std::string recording_table(const Recording& recording) {
  const Calibration calibration = calibration_of(recording.record);
  std::string text = fmt::format(
      "{} pairs, {} of them dropped; {:.2f} s each, so that five minutes hold {}.\n\n"
      "| cell | value | noise | lag-1 | second |\n|---|---:|---:|---:|---:|\n",
      recording.record.pairs.size(), recording.record.pairs.size() - recording.pairs.size(),
      recording.seconds_per_pair, recording.rules.most_pairs);
  for (const CellCalibration& cell : calibration.cells)
    text += fmt::format("| {} | {} | {:.1f} % | {:+.2f} | {} |\n", cell.info.name,
                        format_value(cell.info, cell.value), 100 * cell.noise, cell.correlation,
                        format_share(cell.position));
  const Tally tally = play_as_recorded(recording);
  return text + fmt::format("\nCut into jobs as it stands: {} FAIL, {} PASS of {}.\n", tally.fails,
                            tally.passes, tally.jobs);
}

std::string verdict_table(const Recording& recording, Change change, std::size_t jobs) {
  std::string text =
      "| change | FAIL (95 % bounds) | PASS (95 % bounds) | INCONCLUSIVE | seconds, median |\n"
      "|---|---|---|---:|---:|\n";
  for (const double factor : {1.0, 1.03, 1.05, 1.08, 1.1, 1.2}) {
    const Tally tally = play_jobs(recording, injection_of(recording, change, factor), jobs);
    const auto open = static_cast<double>(jobs - tally.fails - tally.passes);
    text += fmt::format("| x{:.2f} | {} | {} | {:.1f} % | {} |\n", factor, share(tally.fails, jobs),
                        share(tally.passes, jobs), 100 * open / static_cast<double>(jobs),
                        median_text(tally.pairs, recording.seconds_per_pair));
  }
  return text;
}

std::string race_table(const Recording& recording, std::size_t jobs) {
  std::string text =
      "| rule | x1.00: PASS | pairs | FAIL | x1.03: FAIL | x1.10: FAIL | pairs | PASS |\n"
      "|---|---:|---:|---:|---:|---:|---:|---:|\n";
  const auto play = [&](double factor) {
    return race(recording, injection_of(recording, Change::answers, factor), jobs);
  };
  const auto same = play(1), little = play(1.03), worse = play(ten_per_cent);
  const auto percent = [&](std::size_t hits) {
    return fmt::format("{:.2f} %", 100 * static_cast<double>(hits) / static_cast<double>(jobs));
  };
  for (std::size_t i = 0; i < same.size(); ++i) {
    const Tally &none = same[i].tally, &ten = worse[i].tally;
    text += fmt::format("| {} | {} | {} | {} | {} | {} | {} | {} |\n", same[i].rule,
                        percent(none.passes), median_text(none.pairs, 1), percent(none.fails),
                        percent(little[i].tally.fails), percent(ten.fails),
                        median_text(ten.pairs, 1), percent(ten.passes));
  }
  return text;
}

std::string rival_table(const Recording& recording, std::size_t jobs) {
  struct Column {
    Practice practice;
    std::size_t slices;
  };
  // Slices in a row must fit into the recording twice.
  const std::size_t many = std::min(recording.rules.most_pairs, recording.pairs.size() / 2);
  const std::array<Column, 3> columns{{{Practice::in_a_row, few_slices},
                                       {Practice::in_turns, few_slices},
                                       {Practice::in_turns, many}}};
  std::string text = fmt::format(
      "| rule | in a row, {0} slices each: x1.00 | x1.10 | in turns, {0}: x1.00 | x1.10 | in "
      "turns, {1}: x1.00 | x1.10 |\n|---|---:|---:|---:|---:|---:|---:|\n",
      few_slices, many);
  for (const Rival& rival : rivals()) {
    text += fmt::format("| {} |", rival.name);
    for (const Column& column : columns)
      for (const double factor : {1.0, ten_per_cent})
        text += fmt::format(" {:.1f} % |",
                            found(recording, rival, column.practice, column.slices,
                                  injection_of(recording, Change::answers, factor), jobs));
    text += '\n';
  }
  return text;
}

}  // namespace atonce::gate::study
