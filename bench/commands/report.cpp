#include "bench/commands/report.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "bench/exit_codes.h"
#include "bench/stored_result.h"
#include "reports/report.h"
#include "reports/terminal.h"
#include "reports/unit_costs.h"

namespace atonce {
namespace {

struct Options {
  std::string dir, unit_costs, out;
  std::vector<std::string> formats;
};

std::string shown_path(const std::filesystem::path& path) {
  return std::filesystem::absolute(path).lexically_normal().string();
}

void report_unit_costs(const std::filesystem::path& file, std::filesystem::path out) {
  const auto costs = read_unit_costs(file);
  if (out.empty()) out = file.parent_path();
  if (out.empty()) out = ".";
  write_unit_costs(costs, out);
  fmt::print("\n{}\nReport: {}\n", unit_cost_terminal(costs, colour_wanted(), terminal_width()),
             shown_path(out / "unit_costs.html"));
}

int report(const Options& options) try {
  if (!options.unit_costs.empty()) {
    report_unit_costs(options.unit_costs, options.out);
    return exit_ok;
  }
  if (options.dir.empty())
    throw std::runtime_error("DIR is missing: the folder that `atonce run` wrote");
  const std::filesystem::path out = options.out.empty() ? options.dir : options.out;
  const auto results = stored_result(options.dir);
  write_reports(results, out, options.formats);
  show_report(results, out);
  return exit_ok;
} catch (const std::exception& error) {
  fmt::print(stderr, "atonce report: {}\n", error.what());
  return exit_usage;
}

}  // namespace

int terminal_width() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

bool colour_wanted() {
  return isatty(STDOUT_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr;
}

void show_report(const ResultSet& results, const std::filesystem::path& out) {
  const auto page = out / "report.html";
  const auto shown = std::filesystem::exists(page) ? page : out;
  fmt::print("\n{}\nReport: {}\n", terminal_summary(results, colour_wanted(), terminal_width()),
             shown_path(shown));
}

void add_report(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("report", "Write the reports again from a stored result, without running");
  CLI::Option* dir = command->add_option("DIR", options->dir, "the folder that `atonce run` wrote");
  CLI::Option* costs =
      command
          ->add_option("--unit-costs", options->unit_costs,
                       "a table of what coroutines, threads and processes cost, from FILE.json of "
                       "atonce_microbench --benchmark_out; instead of DIR")
          ->excludes(dir);
  command
      ->add_option("--format", options->formats, "of `atonce list`, such as html,md; default all")
      ->delimiter(',')
      ->excludes(costs);
  command->add_option("--out", options->out, "where to write; default: where the input is");
  command->footer(
      "\nExamples:\n"
      "  atonce report results/hundred-calls\n"
      "  atonce report results/hundred-calls --format md,svg --out docs/example\n"
      "  atonce report --unit-costs unit_costs.json\n"
      "\nExit codes: 0 done (whatever the verdicts), 2 wrong arguments or files.\n");
  command->callback([options, &exit_code] { exit_code = report(*options); });
}

}  // namespace atonce
