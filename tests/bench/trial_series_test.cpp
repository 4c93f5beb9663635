/// How fine the series of a trial is.

#include <gtest/gtest.h>

#include "bench/trial.h"
#include "bench/trial_result.h"
#include "bench/tune/live.h"
#include "core/dispatcher.h"
#include "mock_server/server.h"

namespace atonce {
namespace {

using namespace std::chrono_literals;

/// Plays it on a clock of its own: each call takes 10 ms, unless it would end within the pause.
void play_with_a_pause(Dispatcher& work, Instant from, Instant to) {
  while (!work.finished()) {
    const Instant at = work.next_wake();
    Sample sample = work.try_next(at).value().begin_sample();
    sample.outcome = Outcome::ok;
    sample.at.connected = sample.at.sent = at;
    sample.at.done = at + 10ms >= from && at + 10ms < to ? to : at + 10ms;
    work.complete(sample);
  }
}

TEST(TrialSeries, a_short_pause_is_seen_in_a_probe_of_a_minute) {
  const Instant start{1s};
  const Schedule schedule = make_schedule(
      {.shape = LoadShape::constant, .sessions = 13'000, .rate = 200},
      {.stages = {{.name = "ask", .calls = {0}, .after = {}}}}, std::vector<Request>(1), 1);
  Recorder recorder;
  Dispatcher work(schedule, {.cap = 100}, recorder, start);
  play_with_a_pause(work, start + 30s, start + 30s + 250ms);
  const Played played{
      .ledger = work.ledger(), .usage = {}, .start = start, .head_room = {}, .cpu = {}};
  const TrialResult result =
      result_of({.runner = "virtual", .transport = {}}, schedule, true, played, recorder);
  const tune::Probe probe =
      tune::probe_of(result, {.level = 2, .blocks = 64, .block = 1s, .warm_up = 500ms}, {});
  EXPECT_EQ(probe.blocks.size(), 64u);
  EXPECT_EQ(probe.stalls, 1u);
}

TEST(TrialSeries, that_of_a_slice_stays_as_fine_as_it_was_taken) {
  TrialSpec spec;
  spec.scenario = parse_scenario(R"(name: test
summary: A test.
load: {shape: closed, sessions: 10}
session: [{stage: ask, calls: [{request: GET /llm}]}]
limits: {caps: [1]}
server: {routes: [{path: /llm, latency: 50ms}]}
)",
                                 "test.yaml");
  const mock::Server server(spec.scenario.server);
  spec.url = server.url();
  spec.key = {.runner = "asio_coroutines", .transport = {}, .cap = 1, .connections = 1};
  spec.slice = {.measured = 2200ms, .most_sessions = 1000};
  play_slice(spec.scenario, *spec.slice);
  const TrialResult result = play(spec, {}, [](const Progress&) { return std::jthread(); });
  EXPECT_EQ(result.series.width, SliceRecorder::first_width);
  EXPECT_GT(result.series.slices.size(), 256u);
}

}  // namespace
}  // namespace atonce
