#include "bench/tune/request.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <stdexcept>

#include "bench/arguments.h"
#include "bench/machine.h"
#include "core/units.h"
#include "runners/runner.h"

namespace atonce::tune {
namespace {

template <class... Values>
[[noreturn]] void refuse(fmt::format_string<Values...> text, Values&&... values) {
  throw std::invalid_argument(fmt::format(text, std::forward<Values>(values)...));
}

Seconds span_of(const std::string& text, const char* option, Seconds least) {
  const Seconds span = duration(text, option);
  if (span < least) refuse("{} takes {:g} s or more, got {}", option, least.count(), text);
  return span;
}

constexpr std::size_t highest_level = 100'000;

Range range_of(const TuneOptions& options) {
  if (options.range.empty()) return {};
  const auto dots = options.range.find("..");
  if (dots == std::string::npos)
    refuse("--range: expected LOW..HIGH, for example 1..1000, got '{}'", options.range);
  const Range range{.low = whole_number(options.range.substr(0, dots), "--range"),
                    .high = whole_number(options.range.substr(dots + 2), "--range")};
  if (range.low < 1 || range.high > highest_level || range.low >= range.high)
    refuse("--range: levels rise and lie between 1 and {}, got '{}'", highest_level, options.range);
  return range;
}

void check_objectives(const Rules& rules) {
  if (rules.vary == Vary::rate && rules.goal != Goal::slo)
    refuse("--vary rate: the throughput is what is put in; its objective is slo");
  // Under a fixed cap calls wait for a thread or a connection: more of them are never worse.
  const bool is_supply = rules.vary == Vary::connections || rules.vary == Vary::threads;
  const bool by_throughput = rules.goal == Goal::knee || rules.goal == Goal::max_throughput;
  if (is_supply && (!by_throughput || !rules.slos.empty()))
    refuse(
        "--vary {}: ask for the fewest that do, with --objective knee or max-throughput and "
        "without --slo; how many calls at once is what --vary cap answers",
        name(rules.vary));
  if (rules.slos.empty() && (rules.goal == Goal::slo || rules.goal == Goal::goodput))
    refuse("--objective {} needs an objective to meet: --slo 'p99<=100ms'", name(rules.goal));
  for (std::size_t i = 0; i < rules.slos.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (rules.slos[i].kind == rules.slos[j].kind && rules.slos[i].share == rules.slos[j].share)
        refuse("--slo: '{}' and '{}' are about the same", rules.slos[j].text, rules.slos[i].text);
}

/// A call that takes as long has timed out, so that the time could not be told.
void check_limits(const Rules& rules, const Scenario& scenario) {
  const Nanos timeout = scaled(scenario.timeout, scenario.time_scale);
  for (const Slo& slo : rules.slos)
    if (slo.kind == Slo::Kind::latency && slo.limit >= timeout)
      refuse("--slo '{}': calls time out after {} in this scenario", slo.text,
             format_duration(timeout));
}

Rules rules_of(const TuneOptions& options) {
  Rules rules;
  for (const std::string& slo : options.slos) rules.slos.push_back(parse_slo(slo));
  rules.goal = goal_named(options.objective);
  rules.vary = vary_named(options.vary);
  rules.range = range_of(options);
  rules.budget = span_of(options.budget, "--budget", Seconds(1));
  rules.block = span_of(options.block, "--block", Seconds(0.05));
  constexpr double fewest_blocks = 12;
  if (rules.budget < fewest_blocks * rules.block)
    refuse("--budget {}: too little for anything to be proved; it takes {:g} blocks of {} each",
           options.budget, fewest_blocks, options.block);
  check_objectives(rules);
  return rules;
}

Scenario scenario_of(const TuneOptions& options) {
  Scenario scenario = load_scenario(options.scenario);
  if (!options.seed.empty()) scenario.seed = whole_number(options.seed, "--seed");
  if (!options.time_scale.empty())
    scenario.time_scale = scale_factor(options.time_scale, "--time-scale");
  return scenario;
}

/// Those that are named; else those of the scenario, or all, of which one that cannot be tuned may
/// be left out.
struct Candidates {
  std::vector<const RunnerEntry*> entries{};
  bool is_named = false, are_several = false;
};

Candidates candidates_of(const TuneOptions& options, const Scenario& scenario) {
  Candidates all{.is_named = !options.runners.empty(),
                 .are_several = options.compare_runners || options.runners.size() > 1};
  for (const std::string& runner : all.is_named ? options.runners : scenario.runners)
    all.entries.push_back(&runner_named(runner));
  if (all.entries.empty() && options.compare_runners)
    std::ranges::copy_if(all_runners(), std::back_inserter(all.entries),
                         [](const RunnerEntry* entry) { return entry->model != Model::none; });
  if (all.entries.empty()) all.entries.push_back(&runner_named("asio_coroutines"));
  return all;
}

std::size_t largest_cap(const Scenario& scenario) {
  std::size_t largest = 0;
  for (const std::size_t cap : scenario.caps)
    if (cap != unlimited) largest = std::max(largest, cap);
  return largest;
}

/// Where something else is varied, the cap is that of the command line or of the scenario.
std::size_t fixed_cap(const TuneOptions& options, Vary vary, const Scenario& scenario) {
  if (vary == Vary::cap) {
    if (options.cap > 0) refuse("--cap is what is varied: --range limits it");
    return 1;
  }
  if (options.cap > 0) return options.cap;
  if (vary == Vary::rate) return unlimited;
  const std::size_t largest = largest_cap(scenario);
  if (largest == 0) refuse("--vary {} needs a cap: --cap N", name(vary));
  return largest;
}

std::size_t most_connections() {
  const std::size_t files = raise_open_files();
  return files > spare_files + 2 ? files - spare_files : 2;
}

[[noreturn]] void refuse_connections(const char* option, std::size_t connections) {
  refuse(
      "{}: {} connections at once, but this process may open {} files: choose less, or raise the "
      "limit (ulimit -n)",
      option, connections, raise_open_files());
}

/// No more connections than this process may open, no more threads than `atonce run` takes.
void fit_range(const TuneOptions& options, Rules& rules) {
  if (rules.vary == Vary::threads && rules.range.high > most_threads)
    refuse("--range: `atonce run --threads` takes {} at most", most_threads);
  if (rules.vary == Vary::rate || rules.range.high <= most_connections()) return;
  if (!options.range.empty()) refuse_connections("--range", rules.range.high);
  rules.range.high = most_connections();
  rules.cut = fmt::format("as this process may open {} files", raise_open_files());
}

/// 0 = the scenario's, else as many as the cap. A rate without any limit has as many as there can
/// be: to need nearly all of them is the client's limit.
std::size_t connections_of(const TuneOptions& options, Vary vary, std::size_t cap,
                           const Scenario& scenario) {
  const std::size_t limit = options.connections > 0 ? options.connections : scenario.connections;
  const std::size_t needed = limit == 0 ? cap : std::min(limit, cap);
  if (vary != Vary::rate || needed <= most_connections()) return options.connections;
  if (needed == unlimited) return most_connections();
  refuse_connections(limit == 0 ? "--cap" : "--connections", needed);
}

/// The threads that carry calls bound what a thread-like runner can have in flight.
void fit_range(const RunnerEntry& entry, Rules& rules) {
  if (rules.vary != Vary::cap || entry.transports.empty()) return;
  RunnerConfig config;
  config.cap = config.most_parallel = rules.range.high;
  const std::size_t most = entry.threads(config);
  if (most <= rules.range.low)
    refuse("{} has {} threads at most: --range begins beyond", entry.name, most);
  if (most >= rules.range.high) return;
  rules.range.high = most;
  rules.cut = fmt::format("as {} has {} threads at most", entry.name, most);
}

void check_target(const TuneOptions& options) {
  if (options.url.empty() || options.owns_target || is_local(parse_target(options.url))) return;
  refuse("{} is not on this machine: add --i-own-this-target if you may put load on it",
         options.url);
}

/// The one asked for; where several runners are compared, a runner that does not have it takes its
/// default.
std::string transport_of(const TuneOptions& options, const RunnerEntry& entry, bool is_alone) {
  if (std::ranges::count(entry.transports, options.transport) > 0) return options.transport;
  if (is_alone && !options.transport.empty())
    refuse("{} has no transport '{}'; `atonce list` shows the transports", entry.name,
           options.transport);
  return entry.transports.empty() ? "" : std::string(entry.transports.front());
}

void check_supply(const TuneOptions& options, Vary vary) {
  if (vary == Vary::threads && options.threads > 0)
    refuse("--threads is what is varied: --range limits it");
  if (vary == Vary::connections && options.connections > 0)
    refuse("--connections is what is varied: --range limits it");
}

void check_scenario(const TuneOptions& options, const Rules& rules, const Scenario& scenario) {
  if (with_variant(scenario, options.variant).limit.law != LimitLaw::fixed)
    refuse("a level is a limit that stays: give a scenario, or a --variant, with limit: fixed");
  if (scenario.load.shape == LoadShape::trace)
    refuse("a trace cannot be played at other levels: give a scenario with any other load");
  check_limits(rules, scenario);
}

/// Throws std::invalid_argument where this runner cannot be tuned.
Job fitted(Job job, const RunnerEntry& entry) {
  if (entry.model == Model::none || entry.model == Model::serial)
    refuse("{} has no more than one call at a time: there is nothing to tune", entry.name);
  if (job.rules.vary == Vary::threads && entry.transports.empty())
    refuse("{} carries all calls on one thread: there are none to vary", entry.name);
  fit_range(entry, job.rules);
  job.live.runner = entry.name;
  return job;
}

}  // namespace

Jobs jobs_of(const TuneOptions& options) {
  Rules rules = rules_of(options);
  check_target(options);
  check_supply(options, rules.vary);
  const Scenario scenario = scenario_of(options);
  check_scenario(options, rules, scenario);
  fit_range(options, rules);
  const std::size_t cap = fixed_cap(options, rules.vary, scenario);
  Job job{.live = {.scenario = scenario,
                   .runner = {},
                   .transport = {},
                   .variant = options.variant,
                   .url = options.url,
                   .vary = rules.vary,
                   .cap = cap,
                   .connections = connections_of(options, rules.vary, cap, scenario),
                   .threads = options.threads,
                   .slos = rules.slos},
          .rules = rules};
  const Candidates all = candidates_of(options, scenario);
  Jobs found;
  for (const RunnerEntry* entry : all.entries) try {
      if (!all.are_several && !found.jobs.empty()) break;
      job.live.transport = transport_of(options, *entry, !all.are_several);
      found.jobs.push_back(fitted(job, *entry));
    } catch (const std::invalid_argument& error) {
      if (all.is_named) throw;
      found.left_out.emplace_back(error.what());
    }
  if (found.jobs.empty()) refuse("{}", fmt::join(found.left_out, "; "));
  if (!all.are_several) found.left_out.clear();
  return found;
}

}  // namespace atonce::tune
