#include "bench/selfcheck/observe.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "runners/runner.h"

namespace atonce::selfcheck {
namespace {

Law law_of(const Spec& spec) {
  const auto laws = known_laws();
  return std::ranges::find(laws, spec.law, &KnownLaw::name)->law;
}

Schedule schedule_of(const Spec& spec) {
  const auto load = std::ranges::find(known_loads(), spec.load, &KnownLoad::name);
  Request request;
  request.target = "/" + spec.law;
  return make_schedule({.shape = load->shape, .sessions = spec.calls, .rate = load->rate},
                       {.stages = {{.name = "call", .calls = {0}, .after = {}}}}, {request},
                       spec.seed);
}

RunnerConfig runner_config(const Spec& spec) {
  RunnerConfig config;
  config.target = parse_target(spec.url);
  config.cap = config.most_parallel = spec.key.cap;
  config.connections = spec.key.connections;
  config.transport = spec.key.transport;
  return config;
}

void play(const Spec& spec, std::stop_token stop, Recorder& recorder, Observation& seen) {
  const RunnerEntry* entry = find_runner(spec.key.runner);
  if (!entry) throw std::invalid_argument(fmt::format("there is no runner '{}'", spec.key.runner));
  const auto runner = entry->make(runner_config(spec));
  const Policy policy{.cap = spec.key.cap, .attempt_timeout = std::chrono::seconds(30)};
  seen.start = now();
  Dispatcher work(seen.schedule, policy, recorder, seen.start);
  runner->run(work, std::move(stop));
  seen.ended = now();
  seen.ledger = work.ledger();
}

Histogram reported(const Recorder& recorder, Metric metric) {
  Histogram all = recorder.metric(metric).ok;
  all.merge(recorder.metric(metric).failed);
  return all;
}

}  // namespace

Observation observe(const Spec& spec, std::stop_token stop) {
  reset_server(spec.url, spec.seed, 1);
  Observation seen;
  seen.law = law_of(spec);
  seen.seed = spec.seed;
  seen.alpha = spec.alpha;
  seen.schedule = schedule_of(spec);

  Recorder recorder;
  recorder.reserve(spec.calls);
  recorder.keep_looks();
  play(spec, stop, recorder, seen);
  seen.stopped = stop.stop_requested();
  seen.samples = recorder.attempts();
  seen.looks = recorder.looks();
  seen.looks.resize(seen.samples.size(), seen.ended);
  seen.calls = recorder.calls();
  seen.reported = {.response_time = reported(recorder, Metric::response_time),
                   .service_time = reported(recorder, Metric::service_time),
                   .send_lag = reported(recorder, Metric::send_lag)};
  seen.server = read_server_account(spec.url);
  return seen;
}

}  // namespace atonce::selfcheck
