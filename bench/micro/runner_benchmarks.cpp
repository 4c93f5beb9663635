#include "bench/micro/runner_benchmarks.h"

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <functional>

#include "bench/machine.h"
#include "bench/trial.h"
#include "runners/runner.h"

namespace atonce {
namespace {

constexpr std::uint64_t calls_per_iteration = 5'000;
constexpr std::size_t streams_per_iteration = 64;

double ns(Nanos span) {
  return static_cast<double>(span.count());
}

/// Server and client on a core each, where there are two.
void start(Workload& workload) {
  const auto cores = usable_cores();
  workload.server.emplace(workload.scenario, cores.size() < 2 ? -1 : cores[0]);
  if (cores.size() >= 2) pin_to_core(cores[1]);
}

using Report = void (*)(benchmark::State&, const TrialResult&);

/// One iteration is one trial in this process; its time is the trial's own makespan.
void play_trials(benchmark::State& state, Workload& workload, const TrialKey& key, Report report) {
  if (!workload.server) start(workload);
  const TrialSpec spec{.key = key, .scenario = workload.scenario, .url = workload.server->url()};
  TrialResult last;
  for (auto _ : state) {
    last = play(spec, {}, [](const Progress&) { return std::jthread(); });
    if (calls_failed(last) != 0) {
      state.SkipWithError("not every call succeeded");
      return;
    }
    state.SetIterationTime(std::chrono::duration<double>(last.makespan).count());
  }
  report(state, last);
}

bool any_runner(const RunnerEntry&) {
  return true;
}
/// One paced stream after the other would only wait.
bool holds_streams(const RunnerEntry& entry) {
  return entry.model != Model::none && entry.model != Model::serial;
}

/// For every runner that is wanted and each of its transports, under `cap`.
void register_all(const std::string& prefix, const std::string& suffix, std::size_t cap,
                  Workload& workload, bool (*wanted)(const RunnerEntry&), Report report) {
  const auto add = [&](const RunnerEntry& entry, std::string_view transport) {
    const TrialKey key{.runner = std::string(entry.name),
                       .transport = std::string(transport),
                       .cap = cap,
                       .connections = cap,
                       .threads = 0};
    const std::string name = fmt::format("{}/{}{}{}/{}", prefix, entry.name,
                                         transport.empty() ? "" : "/", transport, suffix);
    benchmark::RegisterBenchmark(name.c_str(), [&workload, key, report](benchmark::State& state) {
      play_trials(state, workload, key, report);
    })->UseManualTime();
  };
  for (const RunnerEntry* entry : all_runners()) {
    if (!wanted(*entry)) continue;
    if (entry->transports.empty()) add(*entry, "");
    for (const std::string_view transport : entry->transports) add(*entry, transport);
  }
}

void report_calls(benchmark::State& state, const TrialResult& last) {
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(calls_per_iteration));
  state.counters["cpu_per_call_ns"] = ns(cpu_per_call(last).value_or(Nanos{0}));
  state.counters["service_p50_ns"] = ns(last.metric(Metric::service_time).ok.quantile(0.5));
  state.counters["service_p99_ns"] = ns(last.metric(Metric::service_time).ok.quantile(0.99));
}

void report_streams(benchmark::State& state, const TrialResult& last) {
  constexpr double tokens_per_second = 50;
  const auto events = static_cast<double>(last.events);
  const double cpu = ns(last.usage.cpu_user + last.usage.cpu_system) / events;
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(last.events));
  state.counters["cpu_per_event_ns"] = cpu;
  state.counters["streams_of_50_per_s"] = 1e9 / (cpu * tokens_per_second);
}

/// Streams whose tokens come one by one `gap` apart, or all at once when it is 0.
Scenario streams(std::string_view gap, std::size_t tokens) {
  const std::string text = fmt::format(R"(
name: streams
summary: Streams of tokens.
load: {{shape: batch, sessions: {}}}
session:
  - stage: chat
    calls:
      - request: POST /v1/chat/completions
        body: '{{"model": "m", "stream": true, "messages": [{{"role": "user", "content": "x"}}]}}'
limits: {{caps: [{}]}}
server:
  routes:
    - path: /v1/chat/completions
      llm: {{api: openai, ttft: 5ms, gap: {}, tokens: {}}}
)",
                                       streams_per_iteration, streams_per_iteration, gap, tokens);
  return parse_scenario(text, "streams.yaml");
}

}  // namespace

void register_call_benchmarks(std::deque<Workload>& workloads) {
  Workload& workload = workloads.emplace_back();
  workload.scenario = load_scenario("saturation");
  workload.scenario.load.sessions = calls_per_iteration;
  for (const std::size_t cap : {1, 8, 64})
    register_all("runner", fmt::format("cap:{}", cap), cap, workload, any_runner, report_calls);
}

void register_stream_benchmarks(std::deque<Workload>& workloads) {
  for (const auto& [gap, tokens] : {std::pair{"0ms", 2000}, std::pair{"2ms", 200}}) {
    Workload& workload = workloads.emplace_back();
    workload.scenario = streams(gap, static_cast<std::size_t>(tokens));
    register_all("stream", fmt::format("gap:{}", gap), streams_per_iteration, workload,
                 holds_streams, report_streams);
  }
}

}  // namespace atonce
