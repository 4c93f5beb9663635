#include "bench/gate/study/recording.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "bench/gate/record_json.h"

namespace atonce::gate::study {
namespace {

constexpr std::size_t fewest_pairs = 100;
constexpr auto optional_cell = "overhead_p95";  // not among those that decide by default

void leave_out_optional_cell(Record& record) {
  const auto found = std::ranges::find(record.cells, optional_cell, &CellInfo::name);
  if (found == record.cells.end()) return;
  const auto index = found - record.cells.begin();
  record.cells.erase(found);
  for (Pair& pair : record.pairs)
    for (Slice& slice : pair.slices) slice.values.erase(slice.values.begin() + index);
}

}  // namespace

void Tally::count(Decision decision, std::size_t of_pairs) {
  ++jobs;
  fails += decision == Decision::regression;
  passes += decision == Decision::pass;
  if (decision == Decision::regression || decision == Decision::pass)
    pairs.push_back(static_cast<double>(of_pairs));
}

Recording read_recording(const std::filesystem::path& file) {
  Recording recording{.record = read_record(file), .pairs = {}, .rules = {}};
  leave_out_optional_cell(recording.record);
  recording.pairs = usable_pairs(recording.record);
  if (recording.pairs.size() < fewest_pairs)
    throw std::invalid_argument(fmt::format("{} has {} pairs that can be used; it takes {}",
                                            file.string(), recording.pairs.size(), fewest_pairs));
  const auto& all = recording.record.pairs;
  recording.rules.most_pairs = pairs_within(recording.record, recording.rules.most_time);
  recording.seconds_per_pair =
      std::chrono::duration<double>(all.back().ended).count() / static_cast<double>(all.size());
  return recording;
}

Injection injection_of(const Recording& recording, Change change, double factor) {
  Injection injection;
  for (const CellInfo& cell : recording.record.cells) {
    const bool is_client = cell.name == "cpu_per_call" || cell.name.starts_with("overhead");
    const bool shows = is_client == (change == Change::client);
    injection.push_back(!shows ? 1 : cell.more_is_better ? 1 / factor : factor);
  }
  return injection;
}

Tally play_jobs(const Recording& recording, const Injection& injection, std::size_t jobs) {
  Tally tally;
  for (std::uint64_t job = 0; job < jobs; ++job) {
    PairDraw draw(recording.pairs, job);
    const auto played = play_virtual_job([&] { return draw.next(); }, recording.record.cells,
                                         recording.rules, injection);
    tally.count(played.decision, played.pairs);
  }
  return tally;
}

Tally play_as_recorded(const Recording& recording) {
  Tally tally;
  const auto& pairs = recording.record.pairs;
  auto next = pairs.begin();
  while (pairs.end() - next >= static_cast<std::ptrdiff_t>(recording.rules.most_pairs)) {
    const auto played =
        play_virtual_job([&] { return *next++; }, recording.record.cells, recording.rules);
    tally.count(played.decision, played.pairs);
  }
  return tally;
}

}  // namespace atonce::gate::study
