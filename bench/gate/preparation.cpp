#include "bench/gate/preparation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <stdexcept>

#include "bench/gate/watch.h"

namespace atonce::gate {
namespace {

/// Latency is measured at half of what the baseline can do: queues are short then, and a candidate
/// that can do a fifth less is not overloaded.
constexpr double share_of_capacity = 0.5;
/// Room for closed slices that go much faster than the first one did.
constexpr double reserve = 4;
constexpr const char* no_good_call = "the baseline has no call that ended well";

/// The rate of a load that has but one.
std::optional<double> steady_rate(const Scenario& scenario) {
  const bool open =
      scenario.load.shape != LoadShape::batch && scenario.load.shape != LoadShape::closed;
  const double peak = scenario.load.rate.peak();
  constexpr Nanos long_enough = std::chrono::hours(1);
  const double most = peak * std::chrono::duration<double>(long_enough).count();
  if (!open || !(peak > 0) || scenario.load.rate.expected(long_enough) < 0.999 * most) return {};
  return peak / scenario.time_scale;
}

std::vector<Measure> wanted_measures(const JobRequest& request) {
  if (!request.wanted.empty()) return request.wanted;
  std::vector<Measure> measures(all_measures().begin(), all_measures().end());
  // A tail of some ten microseconds is the machine's more than the client's: on shared cores it
  // would keep nearly every job undecided.
  std::erase(measures, Measure::overhead_p95);
  // Under a given rate, throughput is what is put in.
  if (steady_rate(request.scenario)) std::erase_if(measures, of_closed_slice);
  return measures;
}

PlayedSlice preview(const JobRequest& request, const Arm& arm, const SliceLoad& load,
                    std::stop_token stop) {
  return play_slice(request.scenario,
                    {.arm = &arm, .program = arm.program, .load = load, .number = 0}, stop);
}

void find_rate(const JobRequest& request, Record& record, std::stop_token stop) {
  Load& load = record.load;
  load.rate = request.rate;
  if (load.rate > 0) return;
  if (const auto rate = steady_rate(request.scenario)) {
    load.rate = *rate;
    return;
  }
  const SliceLoad closed{.warm_up = load.warm_up, .measured = load.measured};
  load.capacity = preview(request, request.baseline, closed, stop).throughput;
  const auto calls = static_cast<double>(request.scenario.session.call_count());
  load.rate = share_of_capacity * load.capacity / calls;
  if (!stop.stop_requested() && !(load.rate > 0)) throw SliceFailed(no_good_call);
}

struct Previews {
  std::optional<PlayedSlice> open, closed;
};

bool all_failed(const std::optional<PlayedSlice>& slice) {
  return slice && slice->calls > 0 && slice->errors >= slice->calls;
}

Previews preview(const JobRequest& request, const Record& record, const Arm& arm,
                 std::stop_token stop) {
  Previews previews;
  const Load& load = record.load;
  if (load.rate > 0) previews.open = preview(request, arm, slice_load(load, false), stop);
  if (load.closed) previews.closed = preview(request, arm, slice_load(load, true), stop);
  return previews;
}

/// Why the cell cannot be had of these slices.
std::optional<std::string> missing(Measure measure, const Previews& previews, const Arm& arm) {
  const auto& slice = of_closed_slice(measure) ? previews.closed : previews.open;
  const std::string& name = info(measure).name;
  if (!slice || !(slice->values[static_cast<std::size_t>(measure)] > 0))
    return fmt::format("{}: {} does not tell it", name, arm.text);
  if (slice->calls < fewest_calls(measure))
    return fmt::format("{}: {} calls in a slice are too few, it takes {} (--slice, --rate)", name,
                       slice->calls, fewest_calls(measure));
  return {};
}

/// Slices that no cell needs are not played.
void drop_idle_slices(Record& record) {
  const auto has = [&](bool closed) {
    return std::ranges::any_of(record.cells, [&](const CellInfo& cell) {
      return of_closed_slice(measure_named(cell.name)) == closed;
    });
  };
  record.load.closed = record.load.closed && has(true);
  if (!has(false)) record.load.rate = 0;
}

/// A stored baseline has no previews, and tells all that is wanted of it.
void choose_cells(const JobRequest& request, const std::vector<Measure>& wanted, Record& record,
                  const Previews* baseline, const Previews& candidate) {
  record.cells.clear();
  for (const Measure measure : wanted) {
    auto why = baseline ? missing(measure, *baseline, request.baseline) : std::nullopt;
    // A candidate all of whose calls fail is not let off: its errors will decide.
    const bool fails = all_failed(of_closed_slice(measure) ? candidate.closed : candidate.open);
    if (!why && !fails) why = missing(measure, candidate, request.candidate);
    if (why)
      record.left_out.push_back(*why);
    else
      record.cells.push_back(info(measure));
  }
  if (record.cells.empty()) throw std::invalid_argument(nothing_to_compare(record));
  drop_idle_slices(record);
}

/// Those that are asked for, of those that there are.
std::vector<Measure> wanted_of(const std::vector<Measure>& asked, Record& record) {
  std::vector<Measure> stored;
  for (const CellInfo& cell : record.cells) stored.push_back(measure_named(cell.name));
  if (asked.empty()) return stored;
  std::vector<Measure> wanted;
  for (const Measure measure : asked) {
    if (std::ranges::count(stored, measure) > 0)
      wanted.push_back(measure);
    else
      record.left_out.push_back(info(measure).name + ": the stored run does not have it");
  }
  return wanted;
}

/// An older build that does not know slices would play the whole scenario instead.
void check_same_schedule(const JobRequest& request, const Previews& baseline,
                         const Previews& candidate) {
  if (request.baseline.kind == Arm::Kind::client || request.candidate.kind == Arm::Kind::client)
    return;  // they count what they measured
  if (!baseline.open || !candidate.open || baseline.open->calls == candidate.open->calls) return;
  throw SliceFailed(fmt::format(
      "baseline and candidate played {} and {} calls of the same schedule; is one too old a build?",
      baseline.open->calls, candidate.open->calls));
}

}  // namespace

SliceLoad slice_load(const Load& load, bool closed) {
  SliceLoad slice{
      .rate = closed ? 0 : load.rate, .warm_up = load.warm_up, .measured = load.measured};
  const double seconds = std::chrono::duration<double>(load.warm_up + load.measured).count();
  const double expected = (closed ? load.capacity : load.rate) * seconds;
  slice.most_sessions =
      std::max(slice.most_sessions, static_cast<std::uint64_t>(std::ceil(reserve * expected)));
  return slice;
}

Slice merged(const Record& record, const PlayedSlice* open, const PlayedSlice* closed) {
  Slice slice;
  for (const CellInfo& cell : record.cells) {
    const Measure measure = measure_named(cell.name);
    const PlayedSlice* source = of_closed_slice(measure) ? closed : open;
    slice.values.push_back(source->values[static_cast<std::size_t>(measure)]);
  }
  for (const PlayedSlice* played : {open, closed}) {
    if (!played) continue;
    slice.calls += played->calls;
    slice.errors += played->errors;
    slice.length += played->length;
    slice.around = worse_of(slice.around, played->around);
  }
  return slice;
}

void prepare(const JobRequest& request, Record& record, std::stop_token stop, JobWatcher& watcher) {
  const auto wanted = wanted_measures(request);
  Load& load = record.load;
  load.warm_up = request.warm_up;
  load.measured = request.measured;
  load.closed = std::ranges::any_of(wanted, of_closed_slice);
  if (!std::ranges::all_of(wanted, of_closed_slice)) {
    watcher.prepares("looking for the rate");
    find_rate(request, record, stop);
  }
  watcher.prepares("a first slice of the baseline");
  const Previews baseline = preview(request, record, request.baseline, stop);
  if (!stop.stop_requested() && (all_failed(baseline.open) || all_failed(baseline.closed)))
    throw SliceFailed(no_good_call);
  watcher.prepares("a first slice of the candidate");
  const Previews candidate = preview(request, record, request.candidate, stop);
  if (stop.stop_requested()) return;
  check_same_schedule(request, baseline, candidate);
  choose_cells(request, wanted, record, &baseline, candidate);
}

void prepare_against(const JobRequest& request, Record& record, std::stop_token stop,
                     JobWatcher& watcher) {
  const auto wanted = wanted_of(request.wanted, record);
  record.cells.clear();
  for (const Measure measure : wanted) record.cells.push_back(info(measure));
  drop_idle_slices(record);
  watcher.prepares("a first slice of the candidate");
  const Previews candidate = preview(request, record, request.candidate, stop);
  if (stop.stop_requested()) return;
  choose_cells(request, wanted, record, nullptr, candidate);
}

std::string nothing_to_compare(const Record& record) {
  std::string text = "there is nothing to compare:";
  for (const std::string& reason : record.left_out) text += "\n  " + reason;
  return text;
}

}  // namespace atonce::gate
