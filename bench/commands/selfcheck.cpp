#include "bench/commands/selfcheck.h"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <stdexcept>

#include "bench/commands/report.h"
#include "bench/environment.h"
#include "bench/exit_codes.h"
#include "bench/progress_line.h"
#include "bench/selfcheck/selfcheck.h"
#include "bench/selfcheck/table.h"
#include "bench/stop_signals.h"
#include "reports/report.h"

namespace atonce {
namespace {

constexpr const char* explanation =
    "\nPlays laws with known quantiles on the mock server through every runner, and\n"
    "holds what the client measured against the server's own account of the same\n"
    "attempts and against the law. About nine minutes, with --short half a minute.\n"
    "\n"
    "laws:   fixed, uniform, exponential, lognormal, bimodal; means of 3 to 4 ms\n"
    "loads:  low: a call every 5 ms; mid: 800 calls/s at random\n"
    "\n"
    "columns\n"
    "  service - truth   quantile of the measured service time (done - sent) less\n"
    "                    that of the time that the server held the same attempts\n"
    "  service - law     less the law's own quantile; here chance has its part\n"
    "  lag               send lag: from when a call could be sent until it was\n"
    "  overhead          service time less the server's hold, attempt by attempt\n"
    "\n"
    "A row FAILs on what no busy machine can cause: a stamp outside of the stamps\n"
    "that must enclose it, a call lost or counted twice, a response time that does\n"
    "not count from the schedule, a reported quantile that the samples do not have,\n"
    "delays that the law does not give. Large figures alone do not FAIL: they say\n"
    "that the machine was busy.\n"
    "\nExamples:\n"
    "  atonce selfcheck --short\n"
    "  atonce selfcheck --out results/selfcheck         selfcheck.json too\n"
    "  atonce selfcheck --runner thread_pool --transport curl-easy --law lognormal\n"
    "\nExit codes: 0 all rows PASS, 1 a row FAILs, 2 wrong arguments, 130 interrupted\n"
    "(the rows that were played are shown).\n";

struct SelfcheckOptions {
  selfcheck::Wanted wanted;
  std::string out;
  bool json = false, quiet = false;
};

CLI::Option* add_names(CLI::App& command, const char* option, std::vector<std::string>& names,
                       const char* what) {
  return command.add_option(option, names, what)->type_name("NAME")->take_all()->expected(1);
}

void declare(CLI::App& command, SelfcheckOptions& options) {
  add_names(command, "--runner", options.wanted.runners, "only this runner; may be repeated");
  add_names(command, "--transport", options.wanted.transports,
            "HTTP library of the blocking runners; may be repeated");
  add_names(command, "--law", options.wanted.laws, "only this law; may be repeated");
  command.add_option("--seed", options.wanted.seed, "seed of delays and arrivals")
      ->type_name("S")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  command.add_flag("--short", options.wanted.is_short,
                   "fewer calls: no p99.9, about half a minute");
  command.add_option("--out", options.out, "folder for selfcheck.json")->type_name("DIR");
  command.add_flag("--json", options.json, "for machines, instead of the table");
  command.add_flag("--quiet", options.quiet, "no progress, no table");
  command.footer(explanation);
}

selfcheck::Watcher watcher_on(ProgressLine& line) {
  return {
      .begins = [&line](std::size_t number, std::size_t total,
                        const selfcheck::Spec& spec) { line.begin(number, total, label(spec)); },
      .ends =
          [&line](const selfcheck::Row& row) {
            if (row.passed() && isatty(STDERR_FILENO)) return line.clear();
            line.end(row.passed() ? "PASS" : "FAIL: " + row.reasons.front().text);
          }};
}

selfcheck::Proof prove(const SelfcheckOptions& options, std::vector<selfcheck::Spec> specs,
                       std::stop_token stop) {
  selfcheck::Proof proof;
  proof.created = utc_now();
  proof.seed = options.wanted.seed;
  proof.is_short = options.wanted.is_short;
  proof.planned = specs.size();
  proof.environment = describe_environment();
  ProgressLine line(stderr, isatty(STDERR_FILENO));
  const selfcheck::Watcher silence{
      .begins = [](std::size_t, std::size_t, const selfcheck::Spec&) {},
      .ends = [](const selfcheck::Row&) {}};
  proof.rows =
      play_all(std::move(specs), std::move(stop), options.quiet ? silence : watcher_on(line));
  line.clear();
  return proof;
}

int run(const SelfcheckOptions& options) {
  auto specs = plan(options.wanted);
  if (!options.out.empty()) std::filesystem::create_directories(options.out);
  const StopSignals signals;
  const selfcheck::Proof proof = prove(options, std::move(specs), signals.token());
  if (!options.out.empty())
    write_whole(std::filesystem::path(options.out) / "selfcheck.json", to_json(proof));
  if (options.json)
    fmt::print("{}", to_json(proof));
  else if (!options.quiet)
    fmt::print("{}", table(proof, Ink(colour_wanted())));
  if (proof.interrupted()) return exit_interrupted;
  return proof.passed() ? exit_ok : exit_failed;
}

}  // namespace

void add_selfcheck(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<SelfcheckOptions>();
  CLI::App* command =
      app.add_subcommand("selfcheck", "Prove that the numbers are right on this machine");
  declare(*command, *options);
  command->callback([options, &exit_code] {
    try {
      exit_code = run(*options);
    } catch (const std::invalid_argument& error) {
      fmt::print(stderr, "atonce selfcheck: {}\n", error.what());
      exit_code = exit_usage;
    }
  });
  CLI::App* row = app.add_subcommand("selfcheck-row", "");
  row->group("");  // not shown in the help
  row->callback([&exit_code] { exit_code = selfcheck::play_row_as_child(); });
}

}  // namespace atonce
