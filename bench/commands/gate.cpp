#include "bench/commands/gate.h"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>
#include <cstdlib>
#include <memory>
#include <stdexcept>

#include "bench/arguments.h"
#include "bench/commands/gate_options.h"
#include "bench/commands/report.h"
#include "bench/exit_codes.h"
#include "bench/gate/calibration.h"
#include "bench/gate/display.h"
#include "bench/gate/documents.h"
#include "bench/gate/fingerprint.h"
#include "bench/gate/google_benchmark.h"
#include "bench/gate/record_json.h"
#include "bench/gate/request.h"
#include "bench/stop_signals.h"
#include "core/config.h"

namespace atonce {
namespace {

using namespace gate;

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
  make_folder(options.out, "--out");
  const StopSignals signals;
  NoDisplay silence;
  Display display(stderr, isatty(STDERR_FILENO) != 0);
  return play(signals.token(), options.quiet ? static_cast<JobWatcher&>(silence) : display);
}

int gate_against(const GateOptions& options) {
  if (!options.baseline.empty())
    throw std::invalid_argument("give --baseline or --against, not both");
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

int gate_benchmarks(const GateOptions& options, const CLI::App& command) {
  static constexpr std::array<std::string_view, 10> meant{
      "--gbench", "--alpha",   "--beta",   "--tolerate", "--regression",
      "--pairs",  "--fail-on", "--format", "--out",      "--quiet"};
  refuse_options(command, "--gbench", meant);
  const Record record =
      read_benchmarks(options.benchmarks[0], options.benchmarks[1], rules_of(options));
  make_folder(options.out, "--out");
  return leave(record, options);
}

int gate_main(const GateOptions& options, const CLI::App& command) {
  fail_on_of(options);
  check_document_names(options.formats);
  if (!options.benchmarks.empty()) return gate_benchmarks(options, command);
  need(!options.scenario.empty(), "SCENARIO");
  need(!options.candidate.empty(), "--candidate");
  if (!options.against.empty()) return gate_against(options);
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

int report_main(const std::string& dir, GateOptions options, const CLI::App& command) {
  static constexpr std::array<std::string_view, 3> meant{"--fail-on", "--format", "--quiet"};
  refuse_options(command, "report", meant);
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
  declare_gate(*command, *options);

  auto to_calibrate = std::make_shared<GateOptions>();
  to_calibrate->budget = "2m";
  to_calibrate->out = "results/calibration";
  CLI::App* calibrate = command->add_subcommand(
      "calibrate", "Compare this program with itself: what can be found on this machine?");
  to_calibrate->budget_option = "--for";
  declare_gate_load(*calibrate, *to_calibrate);
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
  report->callback([dir, options, command, &exit_code] {
    exit_code = guarded([&] { return report_main(*dir, *options, *command); });
  });

  command->callback([options, command, &exit_code] {
    if (command->get_subcommands().empty())
      exit_code = guarded([&] { return gate_main(*options, *command); });
  });
}

}  // namespace atonce
