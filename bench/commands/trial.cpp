#include "bench/commands/trial.h"

#include <CLI/CLI.hpp>

#include "bench/trial_process.h"

namespace atonce {

void add_trial(CLI::App& app, int& exit_code) {
  CLI::App* command = app.add_subcommand("trial", "");
  command->group("");  // not shown in the help
  command->callback([&exit_code] { exit_code = play_as_child(); });
}

}  // namespace atonce
