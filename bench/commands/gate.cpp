#include "bench/commands/gate.h"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <memory>
#include <stdexcept>

#include "bench/commands/report.h"
#include "bench/exit_codes.h"
#include "bench/gate/calibration.h"
#include "bench/gate/display.h"
#include "bench/gate/documents.h"
#include "bench/gate/fingerprint.h"
#include "bench/gate/google_benchmark.h"
#include "bench/gate/record_json.h"
#include "bench/gate/request.h"
#include "bench/gate/thresholds.h"
#include "bench/stop_signals.h"
#include "core/config.h"

namespace atonce {
namespace {

using namespace gate;

constexpr const char* text =
    "\nAn arm is one of\n"
    "  build:PATH              another build of atonce\n"
    "  client:PATH             a client of yours that follows the protocol of docs/gate.md\n"
    "  http://HOST:PORT        a server of yours\n"
    "  this                    this program\n"
    "  KEY=VALUE,...           this program, set otherwise; also behind one of the above:\n"
    "                          runner, transport, variant, cap, connections, threads,\n"
    "                          time_scale (a factor), server (YAML file with routes)\n"
    "\nExamples:\n"
    "  atonce gate --baseline build:old/atonce --candidate build:new/atonce hundred-calls\n"
    "  atonce gate --baseline runner=curl_multi --candidate runner=asio_coroutines steady-rate\n"
    "  atonce gate --baseline http://127.0.0.1:8080 --candidate http://127.0.0.1:8081 my.yaml\n"
    "  atonce gate --baseline client:old/app --candidate client:new/app my.yaml\n"
    "  atonce gate --against results/gate/gate.json --candidate this hundred-calls\n"
    "  atonce gate --gbench old.json new.json\n"
    "  atonce gate calibrate hundred-calls      what can be found on this machine?\n"
    "  atonce gate report results/gate          the documents again, from gate.json\n"
    "\nExit codes: 0 PASS, 1 FAIL, 2 wrong arguments, 3 INCONCLUSIVE, 4 the stored baseline is\n"
    "of another machine or scenario, 5 the run failed, 130 interrupted. docs/gate.md has more.\n";

void declare_load(CLI::App& command, GateOptions& options) {
  command.add_option("scenario", options.scenario, "a built-in name or a YAML file");
  command.add_option("--runner", options.defaults.runner, "of both arms")->type_name("NAME");
  command.add_option("--cap", options.defaults.cap, "of both arms; default the largest")
      ->type_name("N")
      ->check(CLI::Range(1, 1'000'000));
  command
      .add_option("--cells", options.cells,
                  "throughput, response_p50, response_p95, cpu_per_call, overhead_p50, "
                  "overhead_p95; default all but the last that suit the scenario")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("LIST");
  command
      .add_option("--rate", options.rate,
                  "sessions per second of the open slices; default the scenario's, else half of "
                  "what the baseline can do")
      ->type_name("X")
      ->check(CLI::Range(1e-3, 1e6));
  command.add_option("--slice", options.slice, "measured part of a slice")
      ->type_name("TIME")
      ->capture_default_str();
  command.add_option("--warm-up", options.warm_up, "before it")
      ->type_name("TIME")
      ->capture_default_str();
  command.add_option("--seed", options.seed, "of the coins; default a new one")
      ->type_name("S")
      ->check(CLI::NonNegativeNumber);
  command.add_option("--out", options.out, "folder")->type_name("DIR")->capture_default_str();
  command.add_flag("--quiet", options.quiet, "no progress, no summary");
  command.add_flag("--i-own-this-target", options.owns_target,
                   "needed when a URL is not on this machine: load hurts others' servers");
}

void declare_rules(CLI::App& command, GateOptions& options) {
  Rules& rules = options.rules;
  const auto share = [&](const char* name, double& value, const char* meaning,
                         const CLI::Range& range = CLI::Range(1e-6, 0.999)) {
    command.add_option(name, value, meaning)
        ->type_name("SHARE")
        ->check(range)
        ->capture_default_str();
  };
  const CLI::Range error_rate(least_error_rate, most_error_rate);
  share("--alpha", rules.alpha, "most often a false FAIL", error_rate);
  share("--beta", rules.beta, "most often a false PASS", error_rate);
  share("--tolerate", rules.tolerated, "an effect up to it is no FAIL");
  share("--regression", rules.regression, "an effect from it on is no PASS");
  share("--most-errors", rules.most_errors, "calls of an arm that may fail");
  share("--most-steal", rules.most_steal, "of a slice that the host may take, else it is dropped");
  share("--most-stalled", rules.most_stalled, "of a slice that the gate may be held up, likewise");
  share("--most-dropped", rules.most_dropped, "of the pairs that may be dropped");
  command.add_option("--pairs", rules.most_pairs, "most pairs")
      ->type_name("N")
      ->check(CLI::Range(1, 100'000))
      ->capture_default_str();
}

void declare(CLI::App& command, GateOptions& options) {
  declare_load(command, options);
  declare_rules(command, options);
  command.add_option("--budget", options.budget, "most time")
      ->type_name("TIME")
      ->capture_default_str();
  command.add_option("--baseline", options.baseline, "what it should be as good as")
      ->type_name("ARM");
  command.add_option("--candidate", options.candidate, "what is judged")->type_name("ARM");
  command
      .add_option("--against", options.against,
                  "gate.json of an earlier run instead of --baseline; advisory unless the "
                  "environment is exactly the same")
      ->type_name("FILE");
  command
      .add_option("--gbench", options.benchmarks,
                  "judge two files of Google Benchmark (--benchmark_out, with repetitions)")
      ->expected(2)
      ->type_name("FILE");
  command
      .add_option("--fail-on", options.fail_on,
                  "what gives an exit code other than 0: regression, inconclusive, improvement; "
                  "default regression,inconclusive")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("LIST");
  command
      .add_option("--format", options.formats,
                  "json, html, md, junit, bmf, github, gbench; default all")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("LIST");
  command.footer(text);
}

int leave(const Record& record, const GateOptions& options) {
  const Judgement judgement = judgement_of(record);
  write_documents(record, judgement, options.out, options.formats);
  if (!options.quiet) {
    const std::filesystem::path out = options.out;
    const auto page = std::filesystem::exists(out / "gate.html") ? out / "gate.html" : out;
    fmt::print("{}\nReport: {}\n",
               terminal_text(record, judgement, colour_wanted(), terminal_width()),
               std::filesystem::absolute(page).lexically_normal().string());
  }
  if (std::getenv("GITHUB_ACTIONS") != nullptr) fmt::print("{}", annotations(record, judgement));
  return exit_code_of(judgement, fail_on_of(options));
}

/// Watches on the terminal, or not at all.
struct NoDisplay : JobWatcher {
  void prepares(std::string_view) override {}
  void pair_ended(const Record&, const Judge&) override {}
};

template <class Play>
Record watched(const GateOptions& options, Play play) {
  std::filesystem::create_directories(options.out);
  const StopSignals signals;
  NoDisplay silence;
  Display display(stderr, isatty(STDERR_FILENO) != 0);
  return play(signals.token(), options.quiet ? static_cast<JobWatcher&>(silence) : display);
}

int gate_against(const GateOptions& options) {
  if (options.rate > 0)
    throw std::invalid_argument("--rate has no effect with --against: the stored run has its own");
  const JobRequest request = request_of(options);
  const Record stored = read_record(options.against);
  const Facts differences = differing(stored.environment, fingerprint(request));
  if (likeness(differences) == Likeness::foreign) {
    fmt::print(stderr, "atonce gate: {} cannot be compared with, it is foreign:\n",
               options.against);
    for (const auto& [key, value] : differences) fmt::print(stderr, "  {}: {}\n", key, value);
    return exit_incompatible;
  }
  Record record = watched(options, [&](std::stop_token stop, JobWatcher& watcher) {
    return play_against(request, stored, std::move(stop), watcher);
  });
  record.baseline = fmt::format("{} ({})", stored.baseline, options.against);
  return leave(record, options);
}

void need(bool given, const char* what) {
  if (!given) throw std::invalid_argument(fmt::format("{} is missing (--help)", what));
}

int gate_main(const GateOptions& options) {
  fail_on_of(options);
  check_document_names(options.formats);
  if (!options.benchmarks.empty())
    return leave(read_benchmarks(options.benchmarks[0], options.benchmarks[1], rules_of(options)),
                 options);
  need(!options.scenario.empty(), "SCENARIO");
  need(!options.candidate.empty(), "--candidate");
  if (!options.against.empty()) {
    if (!options.baseline.empty())
      throw std::invalid_argument("give --baseline or --against, not both");
    return gate_against(options);
  }
  need(!options.baseline.empty(), "--baseline");
  const JobRequest request = request_of(options);
  return leave(watched(options,
                       [&](std::stop_token stop, JobWatcher& watcher) {
                         return play_job(request, std::move(stop), watcher);
                       }),
               options);
}

int calibrate_main(GateOptions options) {
  need(!options.scenario.empty(), "SCENARIO");
  options.candidate = options.baseline = "this";
  const JobRequest request = request_of(options);
  const Record record = watched(options, [&](std::stop_token stop, JobWatcher& watcher) {
    return play_calibration(request, std::move(stop), watcher);
  });
  const Calibration calibration = calibration_of(record);
  write_calibration(record, calibration, options.out);
  if (!options.quiet)
    fmt::print("{}", calibration_text(record, calibration, colour_wanted(), terminal_width()));
  if (record.interrupted) return exit_interrupted;
  return record.failure.empty() ? exit_ok : exit_run_failed;
}

int report_main(const std::string& dir, GateOptions options) {
  options.out = dir;
  return leave(read_record(std::filesystem::path(dir) / "gate.json"), options);
}

/// Runs `body`; what is wrong with the arguments ends in exit code 2.
template <class Body>
int guarded(Body body) try {
  return body();
} catch (const std::invalid_argument& error) {
  fmt::print(stderr, "atonce gate: {}\n", error.what());
  return exit_usage;
} catch (const ConfigError& error) {
  fmt::print(stderr, "atonce gate: {}\n", error.what());
  return exit_usage;
} catch (const UnreadableFile& error) {
  fmt::print(stderr, "atonce gate: {}\n", error.what());
  return exit_usage;
} catch (const std::exception& error) {
  fmt::print(stderr, "atonce gate: {}\n", error.what());
  return exit_run_failed;
}

}  // namespace

void add_gate(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<GateOptions>();
  CLI::App* command = app.add_subcommand(
      "gate", "Compare two builds, configurations or servers: PASS, FAIL or INCONCLUSIVE");
  declare(*command, *options);

  auto to_calibrate = std::make_shared<GateOptions>();
  to_calibrate->budget = "2m";
  to_calibrate->out = "results/calibration";
  CLI::App* calibrate = command->add_subcommand(
      "calibrate", "Compare this program with itself: what can be found on this machine?");
  declare_load(*calibrate, *to_calibrate);
  calibrate->add_option("--for", to_calibrate->budget, "how long")
      ->type_name("TIME")
      ->capture_default_str();
  calibrate->callback([to_calibrate, &exit_code] {
    exit_code = guarded([&] { return calibrate_main(*to_calibrate); });
  });

  auto dir = std::make_shared<std::string>();
  CLI::App* report =
      command->add_subcommand("report", "Judge and write the documents again, from gate.json");
  report->add_option("DIR", *dir, "the folder that `atonce gate` wrote")->required();
  report->callback([dir, options, &exit_code] {
    exit_code = guarded([&] { return report_main(*dir, *options); });
  });

  command->callback([options, command, &exit_code] {
    if (command->get_subcommands().empty())
      exit_code = guarded([&] { return gate_main(*options); });
  });
}

}  // namespace atonce
