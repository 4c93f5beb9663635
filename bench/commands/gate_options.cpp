#include "bench/commands/gate_options.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <stdexcept>

#include "bench/gate/request.h"
#include "bench/gate/thresholds.h"

namespace atonce {

using namespace gate;

namespace {

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

}  // namespace

void declare_gate_load(CLI::App& command, GateOptions& options) {
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

void declare_gate(CLI::App& command, GateOptions& options) {
  declare_gate_load(command, options);
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

void refuse_options(const CLI::App& command, std::string_view mode,
                    std::span<const std::string_view> meant) {
  for (const CLI::Option* option : command.get_options()) {
    const std::string name = option->get_name();
    if (option->count() == 0 || std::ranges::count(meant, std::string_view(name)) > 0) continue;
    throw std::invalid_argument(fmt::format("{} has no effect with {}", name, mode));
  }
}

}  // namespace atonce
