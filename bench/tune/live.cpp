#include "bench/tune/live.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include "bench/gate/watch.h"
#include "bench/listener.h"
#include "bench/machine.h"
#include "bench/placement.h"
#include "bench/trial_process.h"
#include "bench/tune/series_blocks.h"
#include "core/indicators.h"
#include "core/result.h"

namespace atonce::tune {
namespace {

/// For a child that does not answer.
constexpr Nanos patience = std::chrono::seconds(30);
constexpr Nanos shortest_drain = std::chrono::seconds(2);
/// Of a probe's time that this process was held up itself, or the host took away.
constexpr double most_held_up = 0.1;

Nanos to_nanos(Seconds span) {
  return std::chrono::duration_cast<Nanos>(span);
}

/// Passes a stop on, and stops by itself after a while.
class StopAfter {
 public:
  StopAfter(const std::stop_token& outer, Nanos span)
      : link_(outer, [this] { source_.request_stop(); }), timer_([this, span](auto over) {
          std::mutex mutex;
          std::unique_lock lock(mutex);
          std::condition_variable_any never;
          never.wait_for(lock, over, span, [] { return false; });
          if (!over.stop_requested()) source_.request_stop();
        }) {}

  std::stop_token token() const { return source_.get_token(); }

 private:
  std::stop_source source_;
  std::stop_callback<std::function<void()>> link_;
  std::jthread timer_;
};

/// So late that it matters: enough calls for a good part of those that may be bad were held up by a
/// good part of what they may take; or all of them, in the mean, by a part of what they take.
bool is_lag_felt(const TrialResult& result, const std::vector<Slo>& slos) {
  constexpr double of_calls = 0.25, of_time = 0.05;
  const Histogram& lag = result.metric(Metric::send_lag).ok;
  if (std::ranges::none_of(slos, [](const Slo& slo) { return slo.kind == Slo::Kind::latency; }))
    return lag.mean() > of_time * result.metric(Metric::response_time).ok.mean();
  return std::ranges::any_of(slos, [&](const Slo& slo) {
    return slo.kind == Slo::Kind::latency &&
           Seconds(lag.quantile(1 - of_calls * slo.share)) > of_time * Seconds(slo.limit);
  });
}

void judge_probe(Probe& probe, const TrialResult& result, const std::vector<Slo>& slos) {
  if (result.status == TrialStatus::crashed) probe.invalid = result.error;
  // What waits for the cap, or for a thread, waits because the server is slow.
  probe.client_limited = indicators::falls_behind(result) && !indicators::is_held_back(result);
  for (const VerdictReason& reason : result.verdict.reasons) {
    if (reason.code == "interrupted") continue;  // as probes are, once their time is over
    probe.doubts.push_back(reason.code);
    if (reason.code == "client_cpu_saturated" || reason.code == "head_room_exhausted")
      probe.client_limited = true;
    // A moment's noise of the machine does that too.
    const bool is_late = reason.code == "send_lag_high" && is_lag_felt(result, slos);
    probe.sent_late |= is_late;
    if ((is_late || reason.level == VerdictLevel::invalid) && probe.invalid.empty())
      probe.invalid = reason.message;
  }
}

}  // namespace

Probe probe_of(const TrialResult& result, const ProbeOrder& order, const std::vector<Slo>& slos) {
  Probe probe;
  probe.order = order;
  judge_probe(probe, result, slos);
  probe.refused = result.attempt_outcomes[index(Outcome::rate_limited)];
  const Usage& usage = result.usage;
  const std::size_t cores = std::max<std::size_t>(1, std::min(result.key.threads, usage.cores));
  if (usage.wall > Nanos{})
    probe.cpu = static_cast<double>((usage.cpu_user + usage.cpu_system).count()) /
                static_cast<double>(usage.wall.count()) / static_cast<double>(cores);
  if (result.series.width > Nanos{}) fill_blocks(probe, result.series, slos);
  if (probe.too_short && probe.invalid.empty())
    probe.invalid = "no call ended while it was measured";
  return probe;
}

/// By far: it is the time that is to end a probe. Of a rate chance makes no more than twice as
/// many; a closed load has several times as many as were ever seen.
std::uint64_t room_for_sessions(double rate, double most_seen, Seconds span) {
  constexpr double chance = 2, growth = 8, fewest = 50'000, unknown = 100'000;  // per second
  const double expected = rate > 0 ? chance * rate : most_seen > 0 ? growth * most_seen : unknown;
  return static_cast<std::uint64_t>(std::max(fewest, std::ceil(expected * span.count())));
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
  spec.keeps_course = server_ && probes_ > 1;
  const auto client_cores =
      placement.client_core < 0 ? usable_cores() : std::vector{placement.client_core};
  spec.shares_cores =
      server_ ? placement.client_core < 0 : may_share_cores(parse_target(spec.url), client_cores);
  spec.core = placement.client_core;
  spec.helper_core = placement.server_core;
  const Seconds measured = order.block * static_cast<double>(order.blocks);
  const auto rate = static_cast<double>(level_of(Vary::rate, 0));
  spec.slice = {.rate = rate,
                .warm_up = to_nanos(order.warm_up),
                .measured = to_nanos(measured),
                .most_sessions = room_for_sessions(rate, most_rate_, order.warm_up + measured)};
  return spec;
}

Probe LiveTarget::probe(const ProbeOrder& order) {
  const Seconds began = elapsed();
  ++probes_;
  const TrialSpec spec = spec_of(order);
  const Nanos load = spec.slice->warm_up + spec.slice->measured;
  // Of calls that are still under way then it is known whether they are late.
  const Nanos drained = load + std::max(shortest_drain, to_nanos(order.block));
  const StopAfter stop(stop_, drained);
  gate::Watch watch;
  const TrialResult result =
      play_in_child(spec, stop.token(), drained + patience,
                    [&](const ProgressCounts& counts) { on_progress_(calls_done(counts)); });
  const gate::Surroundings around = watch.stop();
  Probe probe = probe_of(result, order, request_.slos);
  if (stopped()) probe.client_limited = false;  // what was cut off fell behind for that
  probe.began = began;
  probe.took = elapsed() - began;
  if (probe.blocks.size() < order.blocks && probe.invalid.empty() && !stopped())
    probe.invalid =
        fmt::format("only {} of {} blocks could be measured", probe.blocks.size(), order.blocks);
  if (Seconds(around.stalled) > most_held_up * probe.took || around.steal > most_held_up)
    probe.doubts.emplace_back("held_up");
  const auto sessions = static_cast<double>(result.sessions_ok + result.sessions_failed);
  most_rate_ = std::max(most_rate_, sessions / std::max(1e-3, Seconds(load).count()));
  if (result.status != TrialStatus::crashed && !stopped())
    overhead_ = 0.5 * overhead_ + 0.5 * (probe.took - Seconds(load));
  return probe;
}

}  // namespace atonce::tune
