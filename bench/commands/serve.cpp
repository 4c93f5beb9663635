#include "bench/commands/serve.h"

#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <optional>
#include <semaphore>
#include <stop_token>

#include "bench/exit_codes.h"
#include "bench/machine.h"
#include "bench/stop_signals.h"
#include "mock_server/server.h"

namespace atonce {
namespace {

constexpr const char* examples =
    "\nCONFIG is a YAML file with routes (docs/mock_server.md), a scenario, or - for\n"
    "standard input. Without it, a built-in profile is served.\n"
    "\nExamples:\n"
    "  atonce serve                              the demo profile, on any free port\n"
    "  atonce serve --port 8080 --time-scale 0.1 the same, ten times as fast\n"
    "  atonce serve my-api.yaml --seed 7\n"
    "  curl http://127.0.0.1:8080/llm            answers after 250 to 750 ms\n"
    "  curl http://127.0.0.1:8080/_atonce/summary\n"
    "\nExit codes: 0 stopped by SIGINT or SIGTERM, 2 wrong arguments or files, or it cannot "
    "listen.\n";

struct ServeOptions {
  std::string config;
  std::string profile = "demo";
  std::optional<std::uint16_t> port;
  std::optional<std::string> address;
  std::optional<std::size_t> threads;
  std::optional<std::uint64_t> seed;
  std::optional<double> time_scale;
  std::optional<int> core;
  bool exit_with_parent = false;
};

std::string read_all(const std::string& name) {
  if (name == "-") return {std::istreambuf_iterator<char>(std::cin), {}};
  std::ifstream file(name);
  if (!file) throw std::invalid_argument(fmt::format("cannot read '{}'", name));
  return {std::istreambuf_iterator<char>(file), {}};
}

mock::ServerConfig load(const std::string& name) {
  const auto root = ConfigNode::parse(read_all(name), name == "-" ? "standard input" : name);
  const bool is_scenario = root.is_map() && root.has("server");
  return mock::parse_server_config(is_scenario ? root.at("server") : root);
}

mock::ServerConfig config_from(const ServeOptions& options) {
  auto config =
      options.config.empty() ? mock::builtin_profile(options.profile) : load(options.config);
  if (options.port) config.port = *options.port;
  if (options.address) config.address = *options.address;
  if (options.threads) config.io_threads = *options.threads;
  if (options.seed) config.seed = *options.seed;
  if (options.time_scale) config.time_scale = *options.time_scale;
  return config;
}

/// False when the parent is gone already.
bool end_with_parent() {
  const pid_t parent = getppid();
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  return getppid() == parent;
}

void wait_for(std::stop_token stop) {
  std::binary_semaphore stopped(0);
  const std::stop_callback wake(stop, [&stopped] { stopped.release(); });
  stopped.acquire();
}

int serve(const ServeOptions& options) {
  // Before any other thread is made: each inherits the core.
  if (options.core && !pin_to_core(*options.core)) {
    fmt::print(stderr, "atonce serve: cannot pin to core {}\n", *options.core);
    return exit_usage;
  }
  const StopSignals stop;
  if (options.exit_with_parent && !end_with_parent()) return exit_ok;
  raise_open_files();
  try {
    const mock::Server server(config_from(options));
    fmt::print("atonce: serving on {}\n", server.url());
    std::fflush(stdout);
    wait_for(stop.token());
    return exit_ok;
  } catch (const std::exception& error) {
    fmt::print(stderr, "atonce serve: {}\n", error.what());
    return exit_usage;
  }
}

}  // namespace

void add_serve(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<ServeOptions>();
  CLI::App* command = app.add_subcommand("serve", "Run the mock API server until it is stopped");
  command->footer(examples);
  auto* config =
      command->add_option("config", options->config, "routes to serve")->type_name("CONFIG");
  command->add_option("--profile", options->profile, "built-in routes: demo, instant")
      ->type_name("NAME")
      ->excludes(config)
      ->capture_default_str();
  command->add_option("--port", options->port, "0 = any free one")->type_name("N");
  command->add_option("--address", options->address, "to listen on; default 127.0.0.1")
      ->type_name("IP");
  command->add_option("--threads", options->threads, "I/O threads")
      ->type_name("N")
      ->check(CLI::Range(1, 256));
  command->add_option("--seed", options->seed, "of every delay drawn")
      ->type_name("S")
      ->check(CLI::NonNegativeNumber);
  command->add_option("--time-scale", options->time_scale, "multiplies every delay")
      ->type_name("X")
      ->check(CLI::Range(1e-6, 1e6));
  command->add_option("--pin", options->core, "run on this core only")->type_name("CORE");
  command->add_flag("--exit-with-parent", options->exit_with_parent,
                    "stop when the process that started it ends");
  command->callback([options, &exit_code] { exit_code = serve(*options); });
}

}  // namespace atonce
