#include "bench/tune/live.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "bench/gate/watch.h"
#include "bench/listener.h"
#include "bench/machine.h"
#include "bench/placement.h"
#include "bench/trial_process.h"
#include "core/result.h"

namespace atonce::tune {
namespace {

constexpr Nanos patience = std::chrono::seconds(30);
/// Of a probe's time that this process was held up itself, or the host took away.
constexpr double most_held_up = 0.1;

Nanos to_nanos(Seconds span) {
  return std::chrono::duration_cast<Nanos>(span);
}

std::uint64_t later_than(const BucketCounts& counts, Nanos limit) {
  const auto last = Histogram::bucket_of(limit);
  std::uint64_t sum = 0;
  for (const auto& [bucket, count] : counts)
    if (bucket > last) sum += count;
  return sum;
}

void add(Block& block, const TimeSlice& slice, const std::vector<Slo>& slos) {
  block.calls += slice.ok + slice.failed;
  block.failed += slice.failed;
  for (std::size_t i = 0; i < slos.size(); ++i) {
    block.bad[i] += slice.failed;
    if (slos[i].kind == Slo::Kind::latency)
      block.bad[i] += later_than(slice.response_time, slos[i].limit);
  }
}

/// Where the measured slices of a series lie.
struct Window {
  std::size_t from = 0, to = 0;
  std::size_t together = 1;  ///< slices of a block
};

Window window_of(const TimeSeries& series, const ProbeOrder& order) {
  const double slice = Seconds(series.width).count();
  const double loaded =
      order.warm_up.count() + order.block.count() * static_cast<double>(order.blocks) + slice / 2;
  Window window;
  window.from = static_cast<std::size_t>(std::ceil(order.warm_up.count() / slice));
  window.to = std::min(series.slices.size(), static_cast<std::size_t>(loaded / slice));
  // A block is a whole number of slices: one less rather than one block less.
  const std::size_t room = window.to > window.from ? window.to - window.from : 0;
  const auto wanted = static_cast<std::size_t>(std::lround(order.block.count() / slice));
  window.together = std::max<std::size_t>(
      1, std::min(wanted, std::max(room / order.blocks, wanted > 1 ? wanted - 1 : 1)));
  return window;
}

/// Stretches of empty slices between the first and the last that are not.
std::size_t stalls_in(const TimeSeries& series, const Window& window, double rate,
                      Seconds response) {
  std::size_t stalls = 0, empty = 0;
  bool begun = false;
  for (std::size_t i = window.from; i < window.to; ++i) {
    const TimeSlice& slice = series.slices[i];
    if (slice.ok + slice.failed == 0) {
      ++empty;
      continue;
    }
    const Seconds gap = static_cast<double>(empty) * Seconds(series.width);
    if (begun && is_stall(gap, rate, response)) ++stalls;
    begun = true;
    empty = 0;
  }
  return stalls;
}

void fill_blocks(Probe& probe, const TimeSeries& series, const std::vector<Slo>& slos) {
  Window window = window_of(series, probe.order);
  std::uint64_t calls = 0;
  Seconds measured{};
  for (std::size_t at = window.from;
       at + window.together <= window.to && probe.blocks.size() < probe.order.blocks;
       at += window.together) {
    Block& block = probe.blocks.emplace_back();
    block.span = static_cast<double>(window.together) * Seconds(series.width);
    block.bad.resize(slos.size());
    for (std::size_t i = at; i < at + window.together; ++i) {
      add(block, series.slices[i], slos);
      probe.response_time.merge(series.slices[i].response_time);
    }
    calls += block.calls;
    measured += block.span;
  }
  if (calls > 0)
    probe.stalls = stalls_in(series, window, static_cast<double>(calls) / measured.count(),
                             Seconds(probe.response_time.mean() * 1e-9));
  else if (probe.invalid.empty())
    probe.invalid = "no call ended while it was measured";
}

void judge_probe(Probe& probe, const TrialResult& result) {
  if (result.status == TrialStatus::crashed) probe.invalid = result.error;
  for (const VerdictReason& reason : result.verdict.reasons) {
    probe.doubts.push_back(reason.code);
    if (reason.code == "client_cpu_saturated") probe.client_limited = true;
    const bool matters = reason.level == VerdictLevel::invalid && reason.code != "interrupted";
    if (matters && probe.invalid.empty()) probe.invalid = reason.message;
  }
}

}  // namespace

Probe probe_of(const TrialResult& result, const ProbeOrder& order, const std::vector<Slo>& slos) {
  Probe probe;
  probe.order = order;
  judge_probe(probe, result);
  probe.refused = result.attempt_outcomes[index(Outcome::rate_limited)];
  const Usage& usage = result.usage;
  const std::size_t cores = std::max<std::size_t>(1, std::min(result.key.threads, usage.cores));
  if (usage.wall > Nanos{})
    probe.cpu = static_cast<double>((usage.cpu_user + usage.cpu_system).count()) /
                static_cast<double>(usage.wall.count()) / static_cast<double>(cores);
  if (result.series.width > Nanos{}) fill_blocks(probe, result.series, slos);
  return probe;
}

LiveTarget::LiveTarget(LiveRequest request, std::stop_token stop,
                       std::function<void(std::uint64_t)> on_progress)
    : request_(std::move(request)),
      stop_(std::move(stop)),
      on_progress_(std::move(on_progress)),
      start_(now()) {
  if (request_.url.empty()) server_.emplace(request_.scenario, place().server_core);
}

TrialSpec LiveTarget::spec_of(const ProbeOrder& order) const {
  const Placement placement = place();
  const auto level_of = [&](Vary vary, std::size_t otherwise) {
    return request_.vary == vary ? order.level : otherwise;
  };
  TrialSpec spec;
  spec.scenario = request_.scenario;
  const std::size_t cap = level_of(Vary::cap, request_.cap);
  std::size_t connections = request_.connections;
  if (connections == 0) connections = request_.scenario.connections;
  spec.key = {.runner = request_.runner,
              .transport = request_.transport,
              .cap = cap,
              .connections = level_of(Vary::connections, connections == 0 ? cap : connections),
              .threads = level_of(Vary::threads, request_.threads),
              .repetition = probes_,
              .variant = request_.variant};
  spec.url = server_ ? server_->url() : request_.url;
  spec.mock_server = server_.has_value();
  const auto client_cores =
      placement.client_core < 0 ? usable_cores() : std::vector{placement.client_core};
  spec.shares_cores =
      server_ ? placement.client_core < 0 : may_share_cores(parse_target(spec.url), client_cores);
  spec.core = placement.client_core;
  spec.helper_core = placement.server_core;
  const Seconds measured = order.block * static_cast<double>(order.blocks);
  const double seconds = (order.warm_up + measured).count();
  // A closed load has room for several times as many sessions as were ever seen.
  constexpr double growth = 8, fewest = 50'000, most = 2'000'000;
  const double rate =
      request_.vary == Vary::rate ? 2 * static_cast<double>(order.level) : growth * most_rate_;
  spec.slice = {
      .rate = static_cast<double>(level_of(Vary::rate, 0)),
      .warm_up = to_nanos(order.warm_up),
      .measured = to_nanos(measured),
      .most_sessions = static_cast<std::uint64_t>(std::clamp(rate * seconds, fewest, most))};
  return spec;
}

Probe LiveTarget::probe(const ProbeOrder& order) {
  const Seconds began = elapsed();
  ++probes_;
  const TrialSpec spec = spec_of(order);
  const Nanos load = spec.slice->warm_up + spec.slice->measured;
  gate::Watch watch;
  const TrialResult result =
      play_in_child(spec, stop_, load + request_.scenario.timeout + patience,
                    [&](const ProgressCounts& counts) { on_progress_(calls_done(counts)); });
  const gate::Surroundings around = watch.stop();
  Probe probe = probe_of(result, order, request_.slos);
  probe.began = began;
  probe.took = elapsed() - began;
  if (Seconds(around.stalled) > most_held_up * probe.took || around.steal > most_held_up)
    probe.doubts.emplace_back("held_up");
  const auto sessions = static_cast<double>(result.sessions_ok + result.sessions_failed);
  most_rate_ = std::max(most_rate_, sessions / std::max(1e-3, Seconds(load).count()));
  if (result.status == TrialStatus::finished)
    overhead_ = 0.5 * overhead_ + 0.5 * (probe.took - Seconds(load));
  return probe;
}

}  // namespace atonce::tune
