/// What the harness itself costs: everything here is paid by every call that is measured.

#include <benchmark/benchmark.h>

#include "bench/call_stream.h"
#include "core/dispatcher.h"
#include "core/llm_event.h"
#include "core/random.h"

namespace atonce {
namespace {

void count_items(benchmark::State& state) {
  state.SetItemsProcessed(state.iterations());
}

/// Around 50 ms, as different as real calls are.
std::vector<Nanos> plausible_durations() {
  std::vector<Nanos> durations;
  for (std::uint64_t i = 0; i < 4096; ++i) {
    const double u = uniform01(1, i, Stream::latency);
    durations.emplace_back(static_cast<std::int64_t>(25e6 + u * 50e6));
  }
  return durations;
}

void clock_stamp(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(now());
  count_items(state);
}
BENCHMARK(clock_stamp);

void histogram_record(benchmark::State& state) {
  const auto durations = plausible_durations();
  Histogram histogram;
  std::size_t next = 0;
  for (auto _ : state) histogram.record(durations[next++ % durations.size()]);
  count_items(state);
}
BENCHMARK(histogram_record);

void histogram_merge(benchmark::State& state) {
  Histogram into, from;
  for (const Nanos duration : plausible_durations()) from.record(duration);
  for (auto _ : state) into.merge(from);
  count_items(state);
}
BENCHMARK(histogram_merge);

void histogram_quantile(benchmark::State& state) {
  Histogram histogram;
  for (const Nanos duration : plausible_durations()) histogram.record(duration);
  for (auto _ : state) benchmark::DoNotOptimize(histogram.quantile(0.99));
  count_items(state);
}
BENCHMARK(histogram_quantile);

/// All metrics of one attempt, its raw sample included.
void record_attempt(benchmark::State& state) {
  const auto durations = plausible_durations();
  Recorder recorder;
  recorder.reserve(1'000'000);
  Sample sample;
  sample.outcome = Outcome::ok;
  std::int64_t number = 0;
  for (auto _ : state) {
    const Instant due = from_ns(1 + 10'000 * ++number);
    const Nanos service = durations[static_cast<std::size_t>(number) % durations.size()];
    sample.at = {due,
                 due,
                 due + Nanos{1},
                 due + Nanos{90},
                 due + Nanos{100},
                 due + Nanos{3'000},
                 due + service,
                 due + service + Nanos{20'000}};
    recorder.on_attempt(sample);
  }
  count_items(state);
}
BENCHMARK(record_attempt);

void record_calls(benchmark::State& state, CallSink* sink) {
  const auto durations = plausible_durations();
  Recorder recorder;
  recorder.reserve(1'000'000);
  if (sink) recorder.pass_calls_to(*sink);
  recorder.begin(from_ns(1), {});
  CallRecord call{.attempts = 1, .outcome = Outcome::ok, .last = {.status = 200}};
  for (auto _ : state) {
    call.due = call.ready = call.last.sent = from_ns(1 + 10'000 * ++call.session);
    const Nanos response = durations[call.session % durations.size()];
    call.last.first_byte = call.last.done = call.done = call.due + response;
    recorder.on_call(call);
  }
  count_items(state);
}

void record_call(benchmark::State& state) {
  record_calls(state, nullptr);
}
BENCHMARK(record_call);

/// The same with a line per call, written by a thread of its own.
void record_call_streamed(benchmark::State& state) {
  CallStream stream("/dev/null", {}, -1);
  record_calls(state, &stream);
}
BENCHMARK(record_call_streamed);

Schedule closed_single_calls() {
  SessionPlan plan{.stages = {{.name = "call", .calls = {0}, .after = {}}}};
  const Load load{.shape = LoadShape::closed, .duration = std::chrono::hours(1)};
  return make_schedule(load, std::move(plan), {Request{}}, 1);
}

/// One call through the dispatcher under a cap: handed out, completed, recorded, its session
/// closed.
void dispatch(benchmark::State& state) {
  const Schedule schedule = closed_single_calls();
  Recorder recorder;
  recorder.reserve(1'000'000);
  const Policy policy{.cap = static_cast<std::size_t>(state.range(0))};
  const Instant start = now();
  Dispatcher work(schedule, policy, recorder, start);
  std::deque<Attempt> in_flight;
  Instant at = start;
  for (auto _ : state) {
    while (auto attempt = work.try_next(at)) in_flight.push_back(*attempt);
    at += Nanos{100};
    Sample sample = in_flight.front().begin_sample();
    in_flight.pop_front();
    sample.outcome = Outcome::ok;
    sample.at.connected = sample.at.sent = sample.at.admitted;
    sample.at.first_byte = sample.at.done = at;
    work.complete(sample);
  }
  count_items(state);
}
BENCHMARK(dispatch)->ArgName("cap")->Arg(1)->Arg(64)->Arg(1024);

/// A token of a streamed answer, from its bytes to what it means.
void stream_event(benchmark::State& state) {
  const std::string bytes =
      R"(data: {"id":"chatcmpl-abc","object":"chat.completion.chunk","created":1700000000,)"
      R"("model":"mock-1","system_fingerprint":"fp_mock","choices":[{"index":0,"delta":)"
      R"({"content":" Hello"},"logprobs":null,"finish_reason":null}]})"
      "\n\n";
  SseParser parser;
  LlmEvents events;
  for (auto _ : state) {
    parser.feed(bytes);
    while (const auto event = parser.next()) benchmark::DoNotOptimize(events.read(*event));
  }
  count_items(state);
}
BENCHMARK(stream_event);

void make_open_schedule(benchmark::State& state, LoadShape shape) {
  constexpr std::uint64_t sessions = 100'000;
  const SessionPlan plan{.stages = {{.name = "call", .calls = {0}, .after = {}}}};
  const Load load{.shape = shape, .sessions = sessions, .rate = 1000};
  for (auto _ : state) benchmark::DoNotOptimize(make_schedule(load, plan, {Request{}}, 1));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(sessions));
}
BENCHMARK_CAPTURE(make_open_schedule, constant, LoadShape::constant);
BENCHMARK_CAPTURE(make_open_schedule, poisson, LoadShape::poisson);

}  // namespace
}  // namespace atonce
