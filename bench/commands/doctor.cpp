#include "bench/commands/doctor.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "bench/checkup.h"
#include "bench/exit_codes.h"

namespace atonce {
namespace {

struct DoctorOptions {
  IntendedLoad load;
  bool no_keep_alive = false;
  bool json = false;
};

std::string_view word(Health health) {
  if (health == Health::ok) return "ok";
  return health == Health::warning ? "warn" : "FAIL";
}

void print_people(const std::vector<Finding>& findings) {
  for (const Finding& finding : findings) {
    fmt::print("{:<5} {:<11} {}\n", word(finding.health), finding.subject, finding.value);
    if (!finding.advice.empty()) fmt::print("{:<5} {:<11} {}\n", "", "", finding.advice);
  }
}

void print_machines(const std::vector<Finding>& findings) {
  auto list = nlohmann::json::array();
  for (const Finding& finding : findings)
    list.push_back({{"health", word(finding.health)},
                    {"subject", finding.subject},
                    {"value", finding.value},
                    {"advice", finding.advice}});
  fmt::print("{}\n", list.dump(2));
}

int examine(DoctorOptions options) {
  options.load.keep_alive = !options.no_keep_alive;
  const auto findings = check_machine(options.load);
  options.json ? print_machines(findings) : print_people(findings);
  const bool failed = std::ranges::count(findings, Health::failure, &Finding::health) > 0;
  if (!options.json)
    fmt::print(
        "\n{} calls in flight: {}\n", options.load.in_flight,
        failed ? "this machine cannot carry that, see FAIL above" : "this machine can carry that");
  return failed ? exit_failed : exit_ok;
}

}  // namespace

void add_doctor(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<DoctorOptions>();
  CLI::App* command = app.add_subcommand("doctor", "Say whether this machine can run a given load");
  command->add_option("--in-flight", options->load.in_flight, "calls in flight at once")
      ->type_name("N")
      ->check(CLI::Range(1, 10'000'000))
      ->capture_default_str();
  command->add_option("--rate", options->load.rate, "calls per second")
      ->type_name("R")
      ->check(CLI::Range(0.0, 1e9));
  command->add_flag("--no-keep-alive", options->no_keep_alive, "a new connection for every call");
  command->add_flag("--json", options->json, "for machines");
  command->footer(
      "\nExamples:\n"
      "  atonce doctor\n"
      "  atonce doctor --in-flight 5000\n"
      "  atonce doctor --in-flight 200 --rate 1000 --no-keep-alive\n"
      "\nExit codes: 0 it can, 1 it cannot, 2 wrong arguments.\n");
  command->callback([options, &exit_code] { exit_code = examine(*options); });
}

}  // namespace atonce
