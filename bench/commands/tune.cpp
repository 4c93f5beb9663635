#include "bench/commands/tune.h"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <stdexcept>

#include "bench/arguments.h"
#include "bench/commands/report.h"
#include "bench/environment.h"
#include "bench/exit_codes.h"
#include "bench/placement.h"
#include "bench/stop_signals.h"
#include "bench/tune/display.h"
#include "bench/tune/report.h"
#include "bench/tune/request.h"
#include "core/config.h"
#include "core/units.h"
#include "reports/escape.h"

namespace atonce {
namespace {

using namespace tune;

constexpr const char* text =
    "\nExamples:\n"
    "  atonce tune find-the-cap --slo 'p99<=100ms'\n"
    "  atonce tune my.yaml --url http://127.0.0.1:8080 --slo 'p95<=1.5s'\n"
    "  atonce tune my.yaml --slo 'p99<=1s' --slo 'errors<=0.1%'\n"
    "  atonce tune find-the-cap --objective knee\n"
    "  atonce tune find-the-cap --vary rate --slo 'p99<=150ms' --budget 10m\n"
    "  atonce tune find-the-cap --slo 'p99<=100ms' --compare-runners\n"
    "\nThe load of the scenario is not played: each probe is a closed load at one level,\n"
    "or a Poisson load with --vary rate.\n"
    "\nExit codes: 0 a level was found, 1 none meets the objectives, or probes could not\n"
    "be used, 2 wrong arguments, 3 undecided within the budget, 130 interrupted (the\n"
    "documents have what was found). docs/tune.md has more.\n";

void declare_search(CLI::App& command, TuneOptions& options) {
  command.add_option("scenario", options.scenario, "a built-in name or a YAML file")->required();
  command
      .add_option("--slo", options.slos,
                  "to be met, e.g. 'p99<=100ms' or 'errors<=0.1%'; may be repeated")
      ->type_name("TEXT")
      ->check(not_an_option)
      ->take_all()
      ->expected(1);
  command
      .add_option("--objective", options.objective,
                  "slo, knee, max-throughput or goodput: docs/tune.md")
      ->type_name("NAME")
      ->capture_default_str();
  command.add_option("--vary", options.vary, "cap, rate, connections or threads")
      ->type_name("WHAT")
      ->capture_default_str();
  command.add_option("--range", options.range, "of levels, default 1..1000")->type_name("A..B");
  command.add_option("--budget", options.budget, "most time, for each runner")
      ->type_name("TIME")
      ->capture_default_str();
  command.add_option("--block", options.block, "least length of a block")
      ->type_name("TIME")
      ->capture_default_str();
}

void declare_target(CLI::App& command, TuneOptions& options) {
  command.add_option("--runner", options.runners, "this runner; may be repeated")
      ->type_name("NAME")
      ->take_all()
      ->expected(1);
  command.add_flag("--compare-runners", options.compare_runners,
                   "all runners of the scenario that can be tuned, side by side");
  command.add_option("--transport", options.transport, "HTTP library of a blocking runner")
      ->type_name("NAME");
  command.add_option("--variant", options.variant, "of the scenario")->type_name("NAME");
  command.add_option("--cap", options.cap, "where something else is varied")
      ->type_name("N")
      ->check(CLI::Range(1, 100'000));
  command.add_option("--connections", options.connections, "most open ones, default as the cap")
      ->type_name("N")
      ->check(CLI::Range(1, 100'000));
  command.add_option("--threads", options.threads, "of a thread-like runner")
      ->type_name("N")
      ->check(CLI::Range(std::size_t{1}, most_threads));
  command.add_option("--seed", options.seed, "of delays")->type_name("S");
  command.add_option("--time-scale", options.time_scale, "multiplies the scenario's durations")
      ->type_name("X");
  command.add_option("--url", options.url, "this base URL, not the mock server")
      ->type_name("URL")
      ->check(not_empty);
  command.add_flag("--i-own-this-target", options.owns_target,
                   "needed when --url is not on this machine: load hurts others' servers");
  command.add_option("--out", options.out, "folder, default results/tune-SCENARIO")
      ->type_name("DIR");
  command.add_option("--format", options.formats, "json, md, html; default all")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("LIST");
  command.add_flag("--quiet", options.quiet, "no progress, no summary");
}

/// A command line that grows by what was asked for.
struct CommandLine {
  void add(const char* option, const std::string& value) {
    if (!value.empty()) text += fmt::format(" {} {}", option, shell_word(value));
  }
  void add(const char* option, std::size_t value) {
    if (value > 0) add(option, std::to_string(value));
  }

  std::string text;
};

void add_target(CommandLine& line, const TuneOptions& options) {
  line.add("--variant", options.variant);
  line.add("--seed", options.seed);
  line.add("--time-scale", options.time_scale);
  line.add("--url", options.url);
  if (options.owns_target) line.text += " --i-own-this-target";
}

/// Behind `atonce run`; what was varied, and the runner, are left out.
std::string played_by(const TuneOptions& options, const LiveRequest& played) {
  CommandLine line{shell_word(options.scenario)};
  add_target(line, options);
  line.add("--connections", played.connections);
  line.add("--threads", options.threads);
  if (played.vary != Vary::cap) line.add("--cap", format_limit(played.cap));
  return line.text;
}

std::string command_of(const TuneOptions& options) {
  CommandLine line{"atonce tune " + shell_word(options.scenario)};
  for (const std::string& slo : options.slos) line.add("--slo", slo);
  for (const std::string& runner : options.runners) line.add("--runner", runner);
  if (options.compare_runners) line.text += " --compare-runners";
  line.add("--objective", options.objective);
  line.add("--vary", options.vary);
  line.add("--range", options.range);
  line.add("--transport", options.transport);
  line.add("--cap", options.cap);
  line.add("--connections", options.connections);
  line.add("--threads", options.threads);
  add_target(line, options);
  line.add("--block", options.block);
  line.add("--budget", options.budget);
  return line.text;
}

Report empty_report(const TuneOptions& options, const Job& job) {
  Report report;
  report.scenario = job.live.scenario.name;
  report.played = played_by(options, job.live);
  report.time_scale = job.live.scenario.time_scale;
  report.scenario_text = job.live.scenario.text;
  report.target = options.url.empty() ? "mock server" : options.url;
  report.created = utc_now();
  report.command = command_of(options);
  report.environment = describe_environment();
  report.environment.emplace_back("pinning", describe(place(), options.url.empty()));
  return report;
}

Tuning played(const Job& job, const TuneOptions& options, const std::stop_token& stop) try {
  Display display(stderr, isatty(STDERR_FILENO) != 0);
  NoDisplay silence;
  LiveTarget target(job.live, stop, [&](std::uint64_t calls) {
    if (!options.quiet) display.probe_goes_on(calls);
  });
  Watcher& watcher = options.quiet ? static_cast<Watcher&>(silence) : display;
  return tune::tune(job.rules, target, watcher);
} catch (const std::runtime_error& error) {
  // What was found of the other runners is kept.
  Tuning tuning;
  tuning.rules = job.rules;
  tuning.end = End::failed;
  tuning.failure = error.what();
  return tuning;
}

Tuned tuned(const Job& job, const TuneOptions& options, const std::stop_token& stop) {
  return {.runner = job.live.runner,
          .transport = job.live.transport,
          .tuning = played(job, options, stop)};
}

int exit_code_of(const Report& report, bool stopped) {
  if (stopped) return exit_interrupted;
  int code = exit_ok;
  for (const Tuned& one : report.tuned) {
    const Answer answer = answer_of(one.tuning);
    const bool is_final = one.tuning.end == End::failed || answer.is_complete;
    if (!answer.level && is_final) return exit_failed;
    if (!answer.is_complete) code = exit_inconclusive;
  }
  return code;
}

int tune_main(const TuneOptions& options) {
  check_document_names(options.formats);
  const auto [jobs, left_out] = jobs_of(options);
  Report report = empty_report(options, jobs.front());
  report.left_out = left_out;
  const std::filesystem::path out =
      options.out.empty() ? std::filesystem::path("results") / ("tune-" + report.scenario)
                          : std::filesystem::path(options.out);
  make_folder(out, "--out");
  const StopSignals signals;
  for (const Job& job : jobs) {
    if (signals.token().stop_requested()) {
      report.not_played.push_back(job.live.runner);
      continue;
    }
    if (jobs.size() > 1 && !options.quiet) fmt::print(stderr, "{}\n", job.live.runner);
    report.tuned.push_back(tuned(job, options, signals.token()));
    write_documents(report, out, options.formats);
  }
  if (!report.not_played.empty()) write_documents(report, out, options.formats);
  if (!options.quiet) {
    const auto page = std::filesystem::exists(out / "tune.html") ? out / "tune.html" : out;
    fmt::print("{}\nReport: {}\n", terminal_text(report, colour_wanted(), terminal_width()),
               std::filesystem::absolute(page).lexically_normal().string());
  }
  return exit_code_of(report, signals.token().stop_requested());
}

int guarded(const TuneOptions& options) try {
  return tune_main(options);
} catch (const std::invalid_argument& error) {
  fmt::print(stderr, "atonce tune: {}\n", error.what());
  return exit_usage;
} catch (const ConfigError& error) {
  fmt::print(stderr, "atonce tune: {}\n", error.what());
  return exit_usage;
}

}  // namespace

void add_tune(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<TuneOptions>();
  CLI::App* command =
      app.add_subcommand("tune", "Find the cap to set: how sure, and what breaks beyond it");
  declare_search(*command, *options);
  declare_target(*command, *options);
  command->footer(text);
  command->callback([options, &exit_code] { exit_code = guarded(*options); });
}

}  // namespace atonce
