#include "bench/commands/list.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "bench/scenario.h"
#include "reports/report.h"
#include "runners/runner.h"

namespace atonce {
namespace {

void print_people() {
  fmt::print("Scenarios (atonce run NAME)\n");
  for (const auto& builtin : builtin_scenarios()) {
    const Scenario scenario = load_scenario(std::string(builtin.name));
    fmt::print("  {:<20} {}\n", scenario.name, scenario.summary);
    if (!scenario.systems.empty())
      fmt::print("  {:<20} {}\n", "", fmt::join(scenario.systems, ", "));
  }
  fmt::print("  (S1 to S19: the systems of docs/systems.md that a scenario makes visible)\n");
  fmt::print("\nRunners (--runner NAME)\n");
  for (const RunnerEntry* entry : all_runners()) {
    fmt::print("  {:<20} {}\n", entry->name, entry->summary);
    if (!entry->transports.empty())
      fmt::print("  {:<20} --transport {}\n", "", fmt::join(entry->transports, " | "));
  }
  fmt::print("\nReport formats (--format NAME)\n");
  for (const ReportWriter* writer : all_report_writers())
    fmt::print("  {:<20} {}\n", writer->name, writer->summary);
}

void print_machines() {
  nlohmann::json json{{"scenarios", nlohmann::json::array()},
                      {"runners", nlohmann::json::array()},
                      {"formats", nlohmann::json::array()}};
  for (const auto& builtin : builtin_scenarios()) {
    const Scenario scenario = load_scenario(std::string(builtin.name));
    json["scenarios"].push_back(
        {{"name", scenario.name}, {"summary", scenario.summary}, {"systems", scenario.systems}});
  }
  for (const RunnerEntry* entry : all_runners())
    json["runners"].push_back({{"name", entry->name},
                               {"summary", entry->summary},
                               {"model", name(entry->model)},
                               {"transports", entry->transports}});
  for (const ReportWriter* writer : all_report_writers())
    json["formats"].push_back({{"name", writer->name}, {"summary", writer->summary}});
  fmt::print("{}\n", json.dump(2));
}

}  // namespace

void add_list(CLI::App& app, int&) {
  auto as_json = std::make_shared<bool>(false);
  CLI::App* command = app.add_subcommand("list", "Show scenarios, runners and report formats");
  command->add_flag("--json", *as_json, "for machines");
  command->footer(
      "\nExample:\n  atonce list --json | jq '.runners[].name'\n"
      "\nExit codes: 0 done, 2 wrong arguments.\n");
  command->callback([as_json] { *as_json ? print_machines() : print_people(); });
}

}  // namespace atonce
