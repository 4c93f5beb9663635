#include "bench/micro/runner_benchmarks.h"

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "bench/machine.h"
#include "bench/trial.h"
#include "runners/runner.h"

namespace atonce {
namespace {

constexpr std::uint64_t calls_per_iteration = 5'000;
constexpr std::size_t caps[] = {1, 8, 64};

Scenario instant_calls() {
  Scenario scenario = load_scenario("saturation");
  scenario.load.sessions = calls_per_iteration;
  return scenario;
}

/// Server and client on a core each, where there are two.
void start(std::optional<ServerProcess>& server, const Scenario& scenario) {
  const auto cores = usable_cores();
  server.emplace(scenario, cores.size() < 2 ? -1 : cores[0]);
  if (cores.size() >= 2) pin_to_core(cores[1]);
}

void report(benchmark::State& state, const TrialResult& last) {
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(calls_per_iteration));
  const auto ns = [](Nanos span) { return static_cast<double>(span.count()); };
  state.counters["cpu_per_call_ns"] = ns(cpu_per_call(last).value_or(Nanos{0}));
  state.counters["service_p50_ns"] = ns(last.metric(Metric::service_time).ok.quantile(0.5));
  state.counters["service_p99_ns"] = ns(last.metric(Metric::service_time).ok.quantile(0.99));
}

/// One iteration is one trial in this process; its time is the trial's own makespan.
void play_instant_calls(benchmark::State& state, TrialSpec spec,
                        std::optional<ServerProcess>& server) {
  if (!server) start(server, spec.scenario);
  spec.url = server->url();
  TrialResult last;
  for (auto _ : state) {
    last = play(spec, {}, [](const Progress&) {});
    if (calls_ok(last) != calls_per_iteration) {
      state.SkipWithError("not every call succeeded");
      return;
    }
    state.SetIterationTime(std::chrono::duration<double>(last.makespan).count());
  }
  report(state, last);
}

void register_one(const RunnerEntry& entry, std::string_view transport,
                  std::optional<ServerProcess>& server) {
  for (const std::size_t cap : caps) {
    TrialSpec spec;
    spec.key = {.runner = std::string(entry.name),
                .transport = std::string(transport),
                .cap = cap,
                .connections = cap,
                .threads = 0};
    spec.scenario = instant_calls();
    const std::string name = fmt::format("runner/{}{}{}/cap:{}", entry.name,
                                         transport.empty() ? "" : "/", transport, cap);
    benchmark::RegisterBenchmark(name.c_str(), [spec, &server](benchmark::State& state) {
      play_instant_calls(state, spec, server);
    })->UseManualTime();
  }
}

}  // namespace

void register_runner_benchmarks(std::optional<ServerProcess>& server) {
  for (const RunnerEntry* entry : all_runners()) {
    if (entry->transports.empty()) register_one(*entry, "", server);
    for (const std::string_view transport : entry->transports)
      register_one(*entry, transport, server);
  }
}

}  // namespace atonce
