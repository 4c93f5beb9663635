#include "bench/trial.h"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <utility>

#include "bench/call_stream.h"
#include "bench/cpu_sampler.h"
#include "bench/machine.h"
#include "bench/series.h"
#include "bench/server_account.h"
#include "bench/session_figures.h"
#include "bench/trial_result.h"
#include "runners/runner.h"

namespace atonce {
namespace {

RunnerConfig runner_config(const TrialSpec& spec, const Scenario& scenario,
                           const Schedule& schedule) {
  RunnerConfig config;
  config.target = parse_target(spec.url);
  config.cap = spec.key.cap;
  config.connections = spec.key.connections;
  config.threads = spec.key.threads;
  config.most_parallel = most_parallel(schedule, spec.key.cap);
  config.transport = spec.key.transport;
  config.keep_alive = scenario.keep_alive;
  config.offload_threads = scenario.offload_threads;
  config.spin = scenario.spin;
  return config;
}

/// Connections stay open until the runner is gone, so the open files at the end are the most.
HeadRoom head_room_used(const Recorder& recorder) {
  const auto ports = ephemeral_ports();
  return {.files = open_files(),
          .files_limit = raise_open_files(),
          .connections = recorder.attempt_count() - recorder.reused_connections(),
          .ports = ports ? ports->size() : 0};
}

Played play_schedule(const RunnerEntry& entry, const RunnerConfig& config, const Schedule& schedule,
                     const Policy& policy, Recorder& recorder, int helper_core,
                     std::stop_token stop) {
  forget_peak();
  const std::uint64_t memory_before = resident_bytes();
  const auto runner = entry.make(config);

  const Usage before = usage_so_far(runner->processes());
  CpuSampler cpu(runner->processes(), helper_core, recorder.progress().cpu_ns);
  const Instant start = now();
  Dispatcher work(schedule, policy, recorder, start);
  runner->run(work, std::move(stop));
  const Nanos wall = now() - start;
  auto cpu_points = cpu.stop();
  Usage usage = usage_so_far(runner->processes()) - before;

  usage.wall = wall;
  usage.cores = usable_cores().size();
  usage.memory_before = memory_before;
  usage.memory_peak = peak_resident_bytes(runner->processes());
  return {.ledger = work.ledger(),
          .usage = usage,
          .start = start,
          .head_room = head_room_used(recorder),
          .cpu = std::move(cpu_points)};
}

/// A load bounded by its duration alone may bring any number of calls.
std::size_t calls_to_expect(const Schedule& schedule) {
  const std::uint64_t known = schedule.call_count();
  return known > 0 || !schedule.closed ? known : unlimited;
}

/// One rate throughout; of a closed load, whatever the server makes of it.
bool is_steady(const Load& load) {
  return load.shape != LoadShape::batch && load.shape != LoadShape::trace && !load.rate.varies();
}

/// Told to change in mid-run: then response times must not stay what they are.
bool changes(const mock::ServerConfig& server) {
  return std::ranges::any_of(server.routes, [](const mock::Route& route) {
    return route.capacity && !route.capacity->changes.empty();
  });
}

}  // namespace

std::size_t most_parallel(const Schedule& schedule, std::size_t cap) {
  if (schedule.closed) return cap;
  return std::min<std::size_t>(cap, std::max<std::uint64_t>(1, schedule.call_count()));
}

TrialResult play(const TrialSpec& spec, std::stop_token stop,
                 const std::function<std::jthread(const Progress&)>& watch) {
  const RunnerEntry* const entry = &runner_named(spec.key.runner);
  const Scenario scenario = with_variant(spec.scenario, spec.key.variant);
  const Schedule schedule = schedule_of(scenario, spec.key.repetition);
  const Policy policy = policy_of(scenario, spec.key.cap, spec.key.repetition);
  const RunnerConfig config = runner_config(spec, scenario, schedule);
  if (const auto seed = seed_of(scenario, spec.key.repetition); spec.keeps_course)
    reset_account(spec.url, seed);
  else if (spec.mock_server)
    reset_server(spec.url, seed, scenario.time_scale);

  Recorder recorder;
  recorder.reserve(calls_to_expect(schedule));
  std::optional<CallStream> calls;
  if (!spec.calls_csv.empty())
    recorder.pass_calls_to(calls.emplace(spec.calls_csv, spec.key, spec.helper_core));
  const std::jthread watching = watch(recorder.progress());
  const Played played =
      play_schedule(*entry, config, schedule, policy, recorder, spec.helper_core, stop);
  if (calls) calls->finish();

  const bool steady = is_steady(scenario.load) && !(spec.mock_server && changes(scenario.server));
  TrialResult result = result_of(spec.key, schedule, steady, played, recorder);
  // Of a slice of load no report shows the series, and short pauses are looked for in it.
  if (!spec.slice) result.series = presentable(std::move(result.series));
  result.shares_cores = spec.shares_cores;
  result.key.threads = entry->threads(config);
  if (stop.stop_requested()) result.status = TrialStatus::interrupted;
  if (spec.mock_server && entry->model != Model::none) {
    const ServerAccount account = read_server_account(spec.url);
    compare_with_server(result, recorder, account);
    add_session_plans(result, account, schedule);
    // An ideal client would have other limits at other times, and no queue to learn them from.
    if (policy.limit.law == LimitLaw::fixed)
      result.ideal_makespan = ideal_from(account, recorder, schedule, policy);
  }
  result.verdict = judge(result);
  return result;
}

}  // namespace atonce
