#include "bench/commands/run.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <optional>
#include <stdexcept>

#include "bench/arguments.h"
#include "bench/commands/report.h"
#include "bench/exit_codes.h"
#include "bench/experiment.h"
#include "bench/live_metrics.h"
#include "bench/metrics_server.h"
#include "bench/placement.h"
#include "bench/progress_display.h"
#include "bench/stop_signals.h"
#include "core/config.h"
#include "core/units.h"
#include "reports/report.h"
#include "reports/result_json.h"
#include "runners/runner.h"

namespace atonce {
namespace {

constexpr const char* examples =
    "\nExamples:\n"
    "  atonce run hundred-calls\n"
    "  atonce run hundred-calls --runner curl_multi --runner asio_coroutines --cap 10 --cap "
    "unlimited\n"
    "  atonce run hundred-calls --runner thread_pool --transport cpp-httplib --transport "
    "curl-easy\n"
    "  atonce run hundred-calls --time-scale 1 --repeat 5\n"
    "  atonce run find-the-cap --cap 96 --limit fixed,vegas\n"
    "  atonce run my.yaml --url http://127.0.0.1:8080 --out results/mine\n"
    "  atonce run hundred-calls --strict --format junit,summary,json --out ci\n"
    "\nShapes of load in a scenario: batch, closed, constant, poisson, gamma, jitter, trace; "
    "rates\n"
    "may step, ramp and burst (docs/scenario_format.md).\n"
    "\nExit codes: 0 done, 1 a trial crashed or is INVALID, 2 wrong arguments or files, or the\n"
    "machine cannot carry the load, 3 a trial is SUSPECT (with --strict), 130 interrupted (the\n"
    "report has what was finished).\n";

struct RunOptions {
  std::string scenario;
  std::vector<std::string> runners, caps, limits, variants, transports, formats;
  unsigned repetitions = 1;
  std::string seed, time_scale, connections, timeout, deadline, spin;
  std::size_t threads = 0;
  bool no_keep_alive = false, quiet = false, strict = false, owns_target = false;
  std::string url, out, calls_csv;
  std::optional<std::uint16_t> metrics_port;
};

void declare_live(CLI::App& command, RunOptions& options) {
  command
      .add_option("--spin", options.spin,
                  "watch the clock without sleeping for this long before a call is due, e.g. 50us")
      ->type_name("TIME");
  command
      .add_option("--metrics-port", options.metrics_port,
                  "serve /metrics for Prometheus on 127.0.0.1 meanwhile; 0: any free port")
      ->type_name("PORT");
  command.add_option("--calls-csv", options.calls_csv, "write a line per call to this file")
      ->type_name("FILE");
}

/// What is crossed with each other.
void declare_contenders(CLI::App& command, RunOptions& options) {
  command.add_option("--runner", options.runners, "only this runner; may be repeated")
      ->type_name("NAME")
      ->take_all()
      ->expected(1);
  command
      .add_option("--cap", options.caps, "calls in flight at once, or `unlimited`; may be repeated")
      ->type_name("N")
      ->take_all()
      ->expected(1);
  command
      .add_option("--limit", options.limits,
                  "how the limit below the cap follows the server: fixed, aimd, vegas, gradient2; "
                  "each as a variant")
      ->type_name("LIST")
      ->delimiter(',')
      ->take_all()
      ->expected(1);
  command
      .add_option("--variant", options.variants,
                  "only this variant of the scenario; may be repeated")
      ->type_name("NAME")
      ->take_all()
      ->expected(1);
  command
      .add_option("--transport", options.transports,
                  "HTTP library of the blocking runners; may be repeated")
      ->type_name("NAME")
      ->take_all()
      ->expected(1);
}

void declare(CLI::App& command, RunOptions& options) {
  command
      .add_option("scenario", options.scenario, "a built-in name (`atonce list`) or a YAML file")
      ->required();
  declare_contenders(command, options);
  command.add_option("--repeat", options.repetitions, "repetitions of every trial")
      ->type_name("N")
      ->check(CLI::Range(1, 10000));
  command.add_option("--seed", options.seed, "seed of arrivals, delays and trial order")
      ->type_name("S");
  command.add_option("--time-scale", options.time_scale, "multiply every duration by this")
      ->type_name("X");
  command
      .add_option("--connections", options.connections, "most open connections, default as the cap")
      ->type_name("N");
  command.add_option("--threads", options.threads, "threads of the thread-like runners")
      ->type_name("N")
      ->check(CLI::Range(std::size_t{1}, most_threads));
  command.add_option("--timeout", options.timeout, "time-out of one attempt, e.g. 10s")
      ->type_name("TIME");
  command.add_option("--deadline", options.deadline, "of a whole call, retries included, e.g. 30s")
      ->type_name("TIME");
  command.add_flag("--no-keep-alive", options.no_keep_alive, "a new connection for every attempt");
  command.add_option("--url", options.url, "play against this base URL, not the mock server")
      ->type_name("URL")
      ->check(not_empty);
  command.add_flag("--i-own-this-target", options.owns_target,
                   "needed when --url is not on this machine: load hurts others' servers");
  command.add_option("--out", options.out, "folder of the report, default results/SCENARIO")
      ->type_name("DIR");
  command
      .add_option("--format", options.formats, "of `atonce list`, such as html,json; default all")
      ->delimiter(',')
      ->type_name("LIST");
  command.add_flag("--strict", options.strict, "a trial that is SUSPECT is a failure: exit code 3");
  declare_live(command, options);
  command.add_flag("--quiet", options.quiet, "no progress, no warnings, no summary");
  command.footer(examples);
}

void check_target(const RunOptions& options) {
  if (options.url.empty() || options.owns_target) return;
  if (!is_local(parse_target(options.url)))
    throw std::invalid_argument(
        fmt::format("{} is not on this machine: add --i-own-this-target if you may put load on it",
                    options.url));
}

LimitLaw limit_law_of(const std::string& word) {
  if (const auto law = limit_law(word)) return *law;
  std::vector<std::string_view> names;
  for (const auto& known : limit_laws) names.push_back(known.first);
  throw std::invalid_argument(fmt::format("--limit: there is no limit '{}'; the limits are: {}",
                                          word, fmt::join(names, ", ")));
}

Scenario with_asked_limits(Scenario scenario, const RunOptions& options) {
  if (options.limits.empty()) return scenario;
  LimitChoice choice;
  for (const std::string& word : options.limits) {
    const LimitLaw law = limit_law_of(word);
    if (std::ranges::count(choice.laws, law) == 0) choice.laws.push_back(law);
  }
  if (options.variants.size() > 1)
    throw std::invalid_argument("--limit varies one --variant, not several");
  if (!options.variants.empty()) choice.variant = options.variants.front();
  return with_limits(std::move(scenario), std::move(choice));
}

Scenario scenario_of(const RunOptions& options) {
  Scenario scenario = with_asked_limits(load_scenario(options.scenario), options);
  if (!options.seed.empty()) scenario.seed = whole_number(options.seed, "--seed");
  if (!options.time_scale.empty())
    scenario.time_scale = scale_factor(options.time_scale, "--time-scale");
  if (!options.connections.empty()) scenario.connections = parse_limit(options.connections);
  if (!options.timeout.empty()) scenario.timeout = duration(options.timeout, "--timeout");
  if (!options.deadline.empty()) scenario.deadline = duration(options.deadline, "--deadline");
  if (scenario.timeout <= Nanos{} || scenario.deadline <= Nanos{})
    throw std::invalid_argument("--timeout and --deadline take a duration longer than 0");
  if (!options.spin.empty()) scenario.spin = duration(options.spin, "--spin");
  if (scenario.spin > longest_spin) throw std::invalid_argument("--spin takes up to 10ms");
  if (options.no_keep_alive) scenario.keep_alive = false;
  if (!options.caps.empty()) scenario.caps.clear();
  for (Variant& variant : scenario.variants) {
    if (!options.caps.empty()) variant.caps.clear();
    if (!options.connections.empty()) variant.connections.reset();
  }
  for (const std::string& cap : options.caps) scenario.caps.push_back(parse_limit(cap));
  return scenario;
}

ExperimentRequest request_of(const RunOptions& options) {
  check_target(options);
  ExperimentRequest request;
  request.scenario = scenario_of(options);
  request.runners = options.runners;
  if (options.limits.empty()) request.variants = options.variants;
  request.transports = options.transports;
  request.threads = options.threads;
  request.repetitions = options.repetitions;
  request.strict = options.strict;
  request.url = options.url;
  request.calls_csv = options.calls_csv;
  return request;
}

int exit_code_of(const ResultSet& results, bool stopped) {
  if (stopped) return exit_interrupted;
  VerdictLevel worst = VerdictLevel::valid;
  for (const TrialResult& trial : results.trials) worst = std::max(worst, trial.verdict.level());
  if (worst == VerdictLevel::invalid) return exit_failed;
  return worst == VerdictLevel::suspect && results.strict ? exit_suspect : exit_ok;
}

std::unique_ptr<MetricsServer> serve_metrics(const RunOptions& options, const LiveMetrics& live) {
  if (!options.metrics_port) return nullptr;
  auto server = std::make_unique<MetricsServer>(*options.metrics_port, place().server_core,
                                                [&live] { return live.page(); });
  fmt::print(stderr, "metrics: http://127.0.0.1:{}/metrics\n", server->port());
  return server;
}

int run(const RunOptions& options) {
  const ExperimentRequest request = request_of(options);
  const auto trials = plan_trials(request);
  check_head_room(request, trials);
  const std::filesystem::path out = options.out.empty()
                                        ? std::filesystem::path("results") / request.scenario.name
                                        : std::filesystem::path(options.out);
  report_writers_named(options.formats);  // a wrong name is told before anything is played
  std::filesystem::create_directories(out);

  const StopSignals signals;
  ProgressDisplay display(stderr, isatty(STDERR_FILENO));
  NoDisplay silence;
  ExperimentWatcher& watcher = options.quiet ? static_cast<ExperimentWatcher&>(silence) : display;
  LiveMetrics live(request.scenario.name, watcher);
  const auto metrics_server = serve_metrics(options, live);
  const ResultSet results = play_experiment(
      request, trials, signals.token(), live,
      [&](const ResultSet& so_far) { write_whole(out / "result.json", to_json(so_far)); });
  write_reports(results, out, options.formats);
  if (!options.quiet) show_report(results, out);
  return exit_code_of(results, signals.token().stop_requested());
}

}  // namespace

void add_run(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<RunOptions>();
  CLI::App* command =
      app.add_subcommand("run", "Play a scenario with the runners and compare them");
  declare(*command, *options);
  command->callback([options, &exit_code] {
    try {
      exit_code = run(*options);
    } catch (const std::invalid_argument& error) {
      fmt::print(stderr, "atonce run: {}\n", error.what());
      exit_code = exit_usage;
    } catch (const ConfigError& error) {
      fmt::print(stderr, "atonce run: {}\n", error.what());
      exit_code = exit_usage;
    }
  });
}

}  // namespace atonce
