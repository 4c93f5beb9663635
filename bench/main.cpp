#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <exception>

#include "bench/commands/doctor.h"
#include "bench/commands/gate.h"
#include "bench/commands/list.h"
#include "bench/commands/merge.h"
#include "bench/commands/report.h"
#include "bench/commands/run.h"
#include "bench/commands/selfcheck.h"
#include "bench/commands/serve.h"
#include "bench/commands/trial.h"
#include "bench/commands/tune.h"
#include "bench/exit_codes.h"

namespace {

constexpr const char* description =
    "How many API calls at once, and by which concurrency model?\n"
    "atonce plays calls against a mock API of known latency (or a URL of yours) with\n"
    "interchangeable runners and writes a report that compares them.";

constexpr const char* examples =
    "\nExamples:\n"
    "  atonce run hundred-calls                 compare all runners, write "
    "./results/hundred-calls\n"
    "  atonce run hundred-calls --cap 20        the same under one cap\n"
    "  atonce run my.yaml --url http://127.0.0.1:8080\n"
    "  atonce report results/hundred-calls      the report again, from stored results\n"
    "  atonce merge A B --out C                 results of several clients as one\n"
    "  atonce tune find-the-cap --slo 'p99<=100ms'   which cap should I set?\n"
    "  atonce list                              scenarios, runners, report formats\n"
    "  atonce doctor --in-flight 5000           can this machine do that?\n"
    "  atonce selfcheck                         are the numbers right on this machine?\n"
    "\n`atonce COMMAND --help` explains each command.\n";

}  // namespace

int main(int argc, char** argv) {
  CLI::App app(description, "atonce");
  app.footer(examples);
  app.set_version_flag("--version", ATONCE_VERSION);
  app.require_subcommand(1);
  int exit_code = atonce::exit_ok;
  atonce::add_run(app, exit_code);
  atonce::add_gate(app, exit_code);
  atonce::add_report(app, exit_code);
  atonce::add_merge(app, exit_code);
  atonce::add_serve(app, exit_code);
  atonce::add_list(app, exit_code);
  atonce::add_doctor(app, exit_code);
  atonce::add_selfcheck(app, exit_code);
  atonce::add_trial(app, exit_code);
  atonce::add_tune(app, exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? atonce::exit_ok : atonce::exit_usage;
  } catch (const std::exception& error) {
    fmt::print(stderr, "atonce: {}\n", error.what());
    return atonce::exit_failed;
  }
  return exit_code;
}
