#include "bench/gate/google_benchmark.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <utility>

#include "bench/environment.h"
#include "bench/gate/preparation.h"
#include "bench/gate/record_json.h"
#include "bench/gate/thresholds.h"
#include "bench/read_file.h"
#include "core/evidence.h"
#include "reports/json_field.h"

namespace atonce::gate {
namespace {

/// One benchmark of a file.
struct Repetitions {
  std::string name;
  std::vector<double> times;  ///< nanoseconds
  std::string flaw{};         ///< why they are of no use; else empty
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

void read_repetition(const JsonField& entry, Repetitions& benchmark) {
  if (const auto error = entry.find("error_occurred"); error && error->flag()) {
    const auto message = entry.find("error_message");
    benchmark.flaw = "a repetition failed: " + (message ? message->text() : "it does not say why");
    return;
  }
  const double time = entry.at(by_wall_clock(benchmark.name) ? "real_time" : "cpu_time").number() *
                      nanoseconds_in(entry.at("time_unit"));
  if (!(time > 0)) benchmark.flaw = "a repetition took no time";
  benchmark.times.push_back(time);
}

std::vector<Repetitions> read_times(const JsonField& root) {
  std::vector<Repetitions> all;
  for (const JsonField& entry : root.at("benchmarks").items()) {
    const auto type = entry.find("run_type");
    if (type && type->text() != "iteration") continue;  // means and the like
    const std::string name = entry.at("name").text();
    auto found = std::ranges::find(all, name, &Repetitions::name);
    if (found == all.end()) found = all.insert(found, {.name = name, .times = {}});
    read_repetition(entry, *found);
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

/// A benchmark as both files have it.
struct Both {
  const Repetitions* before;
  const Repetitions* after;
  std::size_t pairs() const { return std::min(before->times.size(), after->times.size()); }
};

/// Why the benchmark says nothing; nothing when it does.
std::optional<std::string> useless(const Both& both, const Rules& rules) {
  for (const Repetitions* file : {both.before, both.after})
    if (!file->flaw.empty())
      return fmt::format("{}, in the {} file", file->flaw,
                         file == both.before ? "first" : "second");
  const auto fewest = fewest_differences(std::min(enough_for_fail(rules), enough_for_pass(rules)));
  if (both.pairs() >= fewest) return {};
  return fmt::format(
      "{} repetitions are too few for any verdict, it takes {} "
      "(--benchmark_repetitions)",
      both.pairs(), fewest);
}

/// The benchmarks that can be compared; why the others cannot goes to the record.
std::vector<Both> matched(const std::vector<Repetitions>& before,
                          const std::vector<Repetitions>& after, Record& record) {
  std::vector<Both> matches;
  for (const Repetitions& own : before) {
    const auto other = std::ranges::find(after, own.name, &Repetitions::name);
    if (other == after.end()) {
      record.left_out.push_back(own.name + ": not in " + record.candidate);
      continue;
    }
    const Both both{&own, &*other};
    if (const auto why = useless(both, record.rules))
      record.left_out.push_back(own.name + ": " + *why);
    else
      matches.push_back(both);
  }
  for (const Repetitions& own : after)
    if (std::ranges::find(before, own.name, &Repetitions::name) == before.end())
      record.left_out.push_back(own.name + ": not in " + record.baseline);
  return matches;
}

/// All benchmarks have a figure in every pair, so the one with the fewest repetitions decides.
std::size_t pairs_of(const std::vector<Both>& benchmarks, Record& record) {
  const auto shortest = std::ranges::min_element(benchmarks, {}, &Both::pairs);
  const auto longest = std::ranges::max_element(benchmarks, {}, &Both::pairs);
  if (shortest->pairs() < longest->pairs())
    record.left_out.push_back(fmt::format("all repetitions after {}: {} has no more",
                                          shortest->pairs(), shortest->before->name));
  return std::min(record.rules.most_pairs, shortest->pairs());
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
  const auto benchmarks = matched(before, after, record);
  if (benchmarks.empty()) throw std::invalid_argument(nothing_to_compare(record));
  const std::size_t pairs = pairs_of(benchmarks, record);
  for (const Both& both : benchmarks)
    record.cells.push_back({.name = both.before->name, .unit = "ns"});
  for (std::size_t i = 0; i < pairs; ++i) {
    Pair pair{.number = i + 1};
    for (const Both& both : benchmarks) {
      pair.of(Side::baseline).values.push_back(both.before->times[i]);
      pair.of(Side::candidate).values.push_back(both.after->times[i]);
    }
    record.pairs.push_back(std::move(pair));
  }
  return record;
}

}  // namespace atonce::gate
