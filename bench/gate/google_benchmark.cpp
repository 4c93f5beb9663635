#include "bench/gate/google_benchmark.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "bench/environment.h"
#include "bench/gate/record_json.h"
#include "bench/read_file.h"
#include "reports/json_field.h"

namespace atonce::gate {
namespace {

/// Times in nanoseconds, by repetition.
struct Repetitions {
  std::string name;
  std::vector<double> times;
};

double nanoseconds_in(const JsonField& unit) {
  const std::string word = unit.text();
  if (word == "ns") return 1;
  if (word == "us") return 1e3;
  if (word == "ms") return 1e6;
  if (word == "s") return 1e9;
  unit.reject("ns, us, ms or s");
}

/// The library times by the wall clock where it says so in the name.
bool by_wall_clock(const std::string& name) {
  return name.find("/real_time") != std::string::npos ||
         name.find("/manual_time") != std::string::npos;
}

std::vector<Repetitions> read_times(const JsonField& root) {
  std::vector<Repetitions> all;
  for (const JsonField& entry : root.at("benchmarks").items()) {
    const auto type = entry.find("run_type");
    if (type && type->text() != "iteration") continue;  // means and the like
    if (const auto error = entry.find("error_occurred"); error && error->flag()) continue;
    const std::string name = entry.at("name").text();
    const double time = entry.at(by_wall_clock(name) ? "real_time" : "cpu_time").number() *
                        nanoseconds_in(entry.at("time_unit"));
    auto found = std::ranges::find(all, name, &Repetitions::name);
    if (found == all.end()) found = all.insert(found, {.name = name, .times = {}});
    found->times.push_back(time);
  }
  return all;
}

std::vector<Repetitions> read_repetitions(const std::filesystem::path& file) {
  const auto text = read_file(file.string());
  if (!text) throw UnreadableFile(fmt::format("cannot read {}", file.string()));
  try {
    const auto document = parse_json(*text);
    return read_times(JsonField(document));
  } catch (const std::exception& error) {
    throw UnreadableFile(fmt::format("{}: {}", file.string(), error.what()));
  }
}

Slice slice_of(const std::vector<const Repetitions*>& benchmarks, std::size_t repetition) {
  Slice slice;
  for (const Repetitions* benchmark : benchmarks)
    slice.values.push_back(benchmark->times[repetition]);
  return slice;
}

/// Fewest repetitions that can end in any verdict: each multiplies the wealth by less than two, and
/// the wealth is a mean over nine bettors.
std::size_t fewest_repetitions(std::size_t cells, const Rules& rules) {
  const double needed = 9 * static_cast<double>(cells) / rules.alpha;
  return static_cast<std::size_t>(std::ceil(std::log(needed) / std::log(1.95)));
}

}  // namespace

Record read_benchmarks(const std::filesystem::path& baseline,
                       const std::filesystem::path& candidate, const Rules& rules) {
  const auto before = read_repetitions(baseline), after = read_repetitions(candidate);
  Record record;
  record.design = Design::benchmarks;
  record.scenario = "Google Benchmark";
  record.created = utc_now();
  record.baseline = baseline.string();
  record.candidate = candidate.string();
  record.rules = rules;
  record.rules.control_every = 0;
  std::vector<const Repetitions*> old_ones, new_ones;
  std::size_t pairs = rules.most_pairs;
  for (const Repetitions& own : before) {
    const auto other = std::ranges::find(after, own.name, &Repetitions::name);
    if (other == after.end()) {
      record.left_out.push_back(own.name + ": not in " + candidate.string());
      continue;
    }
    old_ones.push_back(&own);
    new_ones.push_back(&*other);
    record.cells.push_back({.name = own.name, .unit = "ns"});
    pairs = std::min({pairs, own.times.size(), other->times.size()});
  }
  if (record.cells.empty())
    throw std::invalid_argument("the two files have no benchmark in common");
  for (std::size_t i = 0; i < pairs; ++i)
    record.pairs.push_back(
        {.number = i + 1, .slices = {slice_of(old_ones, i), slice_of(new_ones, i)}});
  if (const auto fewest = fewest_repetitions(record.cells.size(), rules); pairs < fewest)
    record.left_out.push_back(fmt::format(
        "a verdict: {} repetitions are too few for one, {} are the least (--benchmark_repetitions)",
        pairs, fewest));
  return record;
}

}  // namespace atonce::gate
