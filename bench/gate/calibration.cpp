#include "bench/gate/calibration.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

#include "bench/gate/judgement.h"
#include "bench/gate/resample.h"
#include "bench/gate/virtual_job.h"
#include "core/distributions.h"

namespace atonce::gate {
namespace {

constexpr std::size_t replayed_jobs = 1000;
constexpr std::size_t worse_jobs = 200;

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

/// Makes jobs of the usual budget of the pairs of a calibration.
class Replay {
 public:
  Replay(const Record& record, std::span<const Pair> pairs, std::size_t pairs_in_budget)
      : record_(record), pairs_(pairs), rules_(record.rules) {
    rules_.most_pairs = pairs_in_budget;
  }

  VirtualJob play(std::uint64_t job, const Injection& injection) const {
    PairDraw draw(pairs_, job);
    return play_virtual_job([&] { return draw.next(); }, record_.cells, rules_, injection);
  }

  /// At the pace of the calibration.
  Nanos time_of(std::size_t pairs) const {
    return record_.pairs.back().ended * static_cast<std::int64_t>(pairs) /
           static_cast<std::int64_t>(record_.pairs.size());
  }

 private:
  const Record& record_;
  std::span<const Pair> pairs_;
  Rules rules_;
};

void play_unchanged(const Replay& replay, Calibration& calibration) {
  calibration.jobs = replayed_jobs;
  for (std::uint64_t job = 0; job < replayed_jobs; ++job) {
    const auto played = replay.play(job, {});
    calibration.failed += played.decision == Decision::regression;
    calibration.passed += played.decision == Decision::pass;
  }
  calibration.most_false_fails = clopper_pearson(static_cast<double>(calibration.failed),
                                                 static_cast<double>(calibration.jobs), 0.05)
                                     .high;
}

Found play_worse(const Replay& replay, std::string where, const Injection& injection) {
  Found found{.where = std::move(where), .jobs = worse_jobs};
  std::vector<std::size_t> pairs;
  for (std::uint64_t job = 0; job < worse_jobs; ++job)
    if (const auto played = replay.play(job, injection); played.decision == Decision::regression)
      pairs.push_back(played.pairs);
  found.failed = pairs.size();
  if (pairs.empty()) return found;
  const auto middle = pairs.begin() + static_cast<std::ptrdiff_t>(pairs.size() / 2);
  std::ranges::nth_element(pairs, middle);
  found.median = replay.time_of(*middle);
  return found;
}

/// In all cells at once, then in each alone.
void play_all_worse(const Replay& replay, const std::vector<CellInfo>& cells,
                    Calibration& calibration) {
  Injection everywhere;
  for (const CellInfo& cell : cells)
    everywhere.push_back(cell.more_is_better ? 1 / (1 + worse_by) : 1 + worse_by);
  calibration.worse.push_back(play_worse(replay, "all cells", everywhere));
  for (std::size_t i = 0; i < cells.size(); ++i) {
    Injection alone(cells.size(), 1.0);
    alone[i] = everywhere[i];
    calibration.worse.push_back(play_worse(replay, cells[i].name, alone));
  }
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
  if (pairs.size() < fewest_pairs || calibration.pairs_in_budget == 0) return calibration;
  const Replay replay(record, pairs, calibration.pairs_in_budget);
  play_unchanged(replay, calibration);
  play_all_worse(replay, record.cells, calibration);
  return calibration;
}

}  // namespace atonce::gate
