#include "tests/runners/conformance.h"

namespace atonce {
namespace {

using namespace std::chrono_literals;

class StepTest : public ConformanceTest {
 protected:
  static bool is_event_loop() {
    const Model model = GetParam().entry->model;
    return model == Model::coroutines || model == Model::event_loop;
  }

  std::unique_ptr<Played> play_steps(const std::string& path, std::size_t calls, Step step) {
    Schedule schedule = batch(path, calls);
    for (Request& request : schedule.requests) request.then = step;
    return play({.url = server.url(), .schedule = schedule, .policy = {.cap = calls}});
  }
};

TEST_P(StepTest, is_taken_before_its_call_is_complete) {
  for (const auto kind : {Step::Kind::block, Step::Kind::cpu})
    for (const auto place : {Step::Place::in_place, Step::Place::offload}) {
      const auto played = play_steps("/ok", 3, {.kind = kind, .span = 20ms, .place = place});
      ASSERT_EQ(played->calls(Outcome::ok), 3u);
      for (const Sample& sample : played->recorder.attempts())
        EXPECT_GE(sample.at.processed - sample.at.done, 20ms);
      for (const CallRecord& call : played->recorder.calls()) EXPECT_GE(call.done - call.due, 20ms);
    }
}

TEST_P(StepTest, is_not_taken_after_a_failure) {
  const auto played = play_steps("/status?500", 3, {.kind = Step::Kind::block, .span = 20ms});
  for (const Sample& sample : played->recorder.attempts()) EXPECT_EQ(sample.at.processed, unset);
}

/// The whole point of handing it over: a loop that blocks in place cannot notice anything.
TEST_P(StepTest, in_place_holds_an_event_loop_up_and_offloaded_it_does_not) {
  if (!is_event_loop()) GTEST_SKIP() << "it has no loop to hold up";
  const Step block{.kind = Step::Kind::block, .span = 150ms};
  const auto in_place = play_steps("/ok", 4, block);
  EXPECT_GE(in_place->recorder.metric(Metric::loop_lag).ok.max(), 100ms);
  EXPECT_GE(in_place->took(), 600ms);

  Step offloaded = block;
  offloaded.place = Step::Place::offload;
  const auto beside = play_steps("/ok", 4, offloaded);
  EXPECT_GT(beside->recorder.metric(Metric::loop_lag).ok.count(), 5u);
  EXPECT_LT(beside->took(), in_place->took());
}

TEST_P(StepTest, in_progress_is_waited_for_when_the_run_is_stopped) {
  Schedule schedule = batch("/ok", 2);
  for (Request& request : schedule.requests)
    request.then = {.kind = Step::Kind::block, .span = 300ms, .place = Step::Place::offload};
  const auto played = play({.url = server.url(),
                            .schedule = schedule,
                            .policy = {.cap = 2},
                            .meanwhile = [](std::stop_source& stop) {
                              std::this_thread::sleep_for(100ms);
                              stop.request_stop();
                            }});
  EXPECT_LT(played->took(), 10s);
}

TEST_P(StepTest, that_waits_for_its_turn_is_dropped_when_the_run_is_stopped) {
  Schedule schedule = batch("/ok", 20);
  for (Request& request : schedule.requests) request.then = {.kind = Step::Kind::block, .span = 1s};
  const auto played = play({.url = server.url(),
                            .schedule = schedule,
                            .policy = {.cap = 20},
                            .meanwhile = [](std::stop_source& stop) {
                              std::this_thread::sleep_for(200ms);
                              stop.request_stop();
                            }});
  EXPECT_LT(played->took(), 10s) << "all of them, one after the other, would take 20 s";
}

ATONCE_FOR_EVERY_CONTENDER(StepTest);

}  // namespace
}  // namespace atonce
