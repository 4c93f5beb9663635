#include "bench/gate/player.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "bench/child_answer.h"
#include "bench/gate/watch.h"
#include "bench/placement.h"
#include "bench/server_account.h"
#include "bench/server_process.h"
#include "bench/trial_process.h"

namespace atonce::gate {
namespace {

constexpr Nanos patience = std::chrono::seconds(60);

/// The scenario as the arm plays it.
Scenario scenario_of(const Scenario& scenario, const Arm& arm) {
  Scenario own = scenario;
  own.time_scale *= arm.settings.time_scale;
  return own;
}

/// Anew for every slice, so that no slice finds a server that an earlier one has shaped.
std::optional<ServerProcess> start_server(const Scenario& scenario, const Arm& arm) {
  if (!arm.mock_server()) return {};
  Scenario served = scenario;
  if (!arm.server_text.empty()) served.text = arm.server_text;
  return std::optional<ServerProcess>(std::in_place, served, place().server_core);
}

TrialSpec spec_of(const Scenario& scenario, const SliceOrder& order, const std::string& url) {
  const ArmSettings& settings = order.arm->settings;
  const Placement placement = place();
  TrialSpec spec;
  spec.key = {.runner = settings.runner,
              .transport = settings.transport,
              .cap = settings.cap,
              .connections = settings.connections,
              .threads = settings.threads,
              .repetition = order.number,
              .variant = settings.variant};
  spec.scenario = scenario;
  spec.url = url;
  spec.mock_server = order.arm->mock_server();
  spec.shares_cores = spec.mock_server && placement.client_core < 0;
  spec.core = placement.client_core;
  spec.slice = order.load;
  return spec;
}

double quantile(const TrialResult& result, Metric metric, double p) {
  const Histogram& histogram = result.metric(metric).ok;
  return histogram.empty() ? no_value : static_cast<double>(histogram.quantile(p).count());
}

PlayedSlice play_trial(const Scenario& scenario, const SliceOrder& order, const std::string& url,
                       std::stop_token stop) {
  const TrialResult result = play_in_child(
      spec_of(scenario, order, url), std::move(stop),
      order.load.warm_up + order.load.measured + patience, [](const ProgressCounts&) {},
      order.program.empty() ? same_program : order.program);
  if (result.status == TrialStatus::crashed) throw SliceFailed(result.error);
  return trial_slice(result);
}

void add(Surroundings& around, const Surroundings& watched) {
  around.steal = watched.steal;
  around.pressure = watched.pressure;
  around.stalled = watched.stalled;
  around.worst_stall = watched.worst_stall;
}

}  // namespace

PlayedSlice trial_slice(const TrialResult& result) {
  PlayedSlice slice;
  auto set = [&](Measure measure, double value) {
    slice.values[static_cast<std::size_t>(measure)] = value;
  };
  slice.calls = result.ledger.scheduled;
  slice.errors = calls_failed(result);
  slice.throughput = throughput(result).value_or(0);
  set(Measure::throughput, slice.throughput);
  set(Measure::response_p50, quantile(result, Metric::response_time, 0.5));
  set(Measure::response_p95, quantile(result, Metric::response_time, 0.95));
  set(Measure::overhead_p50, quantile(result, Metric::client_overhead, 0.5));
  set(Measure::overhead_p95, quantile(result, Metric::client_overhead, 0.95));
  // Not per attempt, as reports have it: who retries more would be cheaper.
  const Nanos cpu = result.usage.cpu_user + result.usage.cpu_system;
  if (slice.calls > 0)
    set(Measure::cpu_per_call, static_cast<double>(cpu.count()) / static_cast<double>(slice.calls));
  slice.around.involuntary_switches = result.usage.involuntary_switches;
  for (const VerdictReason& reason : result.verdict.reasons)
    if (reason.level == VerdictLevel::invalid) slice.around.invalid = reason.code;
  return slice;
}

PlayedSlice play_slice(const Scenario& scenario, const SliceOrder& order,
                       std::stop_token stop) try {
  const Scenario own = scenario_of(scenario, *order.arm);
  const auto server = start_server(own, *order.arm);
  const std::string url = server ? server->url() : order.arm->url;
  Watch watch;
  const Instant begin = now();
  PlayedSlice slice;
  if (order.arm->kind == Arm::Kind::client) {
    reset_server(url, seed_of(own, order.number), own.time_scale);
    slice = play_client(own, order, url, std::move(stop));
  } else {
    slice = play_trial(own, order, url, std::move(stop));
  }
  slice.length = now() - begin;
  add(slice.around, watch.stop());
  return slice;
} catch (const std::runtime_error& error) {
  throw SliceFailed(fmt::format("{}: {}", order.arm->text, error.what()));
}

}  // namespace atonce::gate
