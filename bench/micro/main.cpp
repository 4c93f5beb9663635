#include <benchmark/benchmark.h>

#include <CLI/CLI.hpp>
#include <cstring>

#include "bench/commands/serve.h"
#include "bench/environment.h"
#include "bench/micro/runner_benchmarks.h"
#include "bench/micro/unit_costs/unit_costs.h"

namespace {

/// ServerProcess runs this very program again as the mock server.
int serve(int argc, char** argv) {
  CLI::App app;
  int exit_code = 0;
  atonce::add_serve(app, exit_code);
  CLI11_PARSE(app, argc, argv);
  return exit_code;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1 && std::strcmp(argv[1], "serve") == 0) return serve(argc, argv);
  if (const auto exit_code = atonce::run_unit_cost_child(argc, argv)) return *exit_code;
  for (const auto& [name, value] : atonce::describe_environment())
    benchmark::AddCustomContext(name, value);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  std::deque<atonce::Workload> workloads;
  atonce::register_unit_cost_benchmarks();
  atonce::register_call_benchmarks(workloads);
  atonce::register_stream_benchmarks(workloads);
  benchmark::RunSpecifiedBenchmarks();
}
