#include "bench/commands/merge.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "bench/commands/report.h"
#include "bench/exit_codes.h"
#include "bench/stored_result.h"
#include "core/merge.h"
#include "reports/report.h"
#include "reports/result_json.h"

namespace atonce {
namespace {

struct Options {
  std::vector<std::string> parts, formats;
  std::string out;
};

/// Merging a result with itself would count every call twice.
void check_distinct(const std::vector<ResultSet>& parts, const std::vector<std::string>& names) {
  for (std::size_t i = 0; i < parts.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (to_json(parts[i]) == to_json(parts[j]))
        throw std::invalid_argument(
            fmt::format("{} and {} are the same result", names[j], names[i]));
}

ResultSet merge_all(const Options& options) {
  std::vector<ResultSet> parts;
  for (const std::string& part : options.parts) parts.push_back(stored_result(part));
  check_distinct(parts, options.parts);
  ResultSet all = parts.front();
  for (std::size_t i = 1; i < parts.size(); ++i) try {
      all = merge(all, parts[i]);
    } catch (const std::invalid_argument& error) {
      throw std::invalid_argument(fmt::format("{} cannot be merged with {}: {}", options.parts[i],
                                              options.parts[0], error.what()));
    }
  return all;
}

int merge_parts(const Options& options) try {
  if (options.parts.size() < 2) throw std::invalid_argument("give at least two results");
  report_writers_named(options.formats);
  const ResultSet all = merge_all(options);
  std::filesystem::create_directories(options.out);
  write_whole(std::filesystem::path(options.out) / "result.json", to_json(all));
  write_reports(all, options.out, options.formats);
  show_report(all, options.out);
  return exit_ok;
} catch (const std::exception& error) {
  fmt::print(stderr, "atonce merge: {}\n", error.what());
  return exit_usage;
}

}  // namespace

void add_merge(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "merge", "Add up results of clients that played the same scenario side by side");
  command->add_option("RESULT", options->parts, "folders that `atonce run` wrote, or result.json")
      ->required();
  command->add_option("--out", options->out, "where to write")->required();
  command
      ->add_option("--format", options->formats, "of `atonce list`, such as html,md; default all")
      ->delimiter(',');
  command->footer(
      "\nCounts and histograms are added exactly, for each runner and cap; what the sum cannot "
      "have, "
      "such as\nthe ideal makespan, is left out. Results of different scenarios, scales or targets "
      "are refused.\nTo compare runs that followed each other, use `atonce run --repeat`.\n"
      "\nExamples:\n"
      "  atonce merge host-a/results/steady-rate host-b/results/steady-rate --out results/both\n"
      "\nExit codes: 0 merged, 2 cannot be merged, or wrong arguments.\n");
  command->callback([options, &exit_code] { exit_code = merge_parts(*options); });
}

}  // namespace atonce
