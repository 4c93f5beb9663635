#include "tests/runners/conformance.h"

namespace atonce {
namespace {

using namespace std::chrono_literals;

/// With a spin longer than the gaps, a runner never sleeps.
class SpinTest : public ConformanceTest {
 protected:
  std::unique_ptr<Played> play_evenly(Nanos spin) {
    Schedule schedule = batch("/delay?5", 60);
    for (std::size_t i = 0; i < schedule.arrivals.size(); ++i)
      schedule.arrivals[i].due = static_cast<std::int64_t>(i) * 2ms;
    return play({.url = server.url(), .schedule = schedule, .policy = {.cap = 4}, .spin = spin});
  }
};

TEST_P(SpinTest, sends_every_call_once_and_none_before_it_is_due) {
  for (const Nanos spin : {Nanos{200us}, Nanos{1s}}) {
    const auto played = play_evenly(spin);
    EXPECT_EQ(played->calls(Outcome::ok), 60u);
    EXPECT_LE(played->recorder.peak_in_flight(), 4u);
    for (const Sample& sample : played->recorder.attempts()) {
      EXPECT_GE(sample.at.admitted, sample.at.due);
      EXPECT_GE(sample.at.sent, sample.at.due);
    }
    EXPECT_TRUE(server.wait_until_quiet());
  }
}

TEST_P(SpinTest, a_stop_ends_the_watch_of_a_far_arrival) {
  Schedule schedule = batch("/ok", 2);
  schedule.arrivals[1].due = 1h;
  const auto played = play({.url = server.url(),
                            .schedule = schedule,
                            .policy = {.cap = 2},
                            .spin = 2h,
                            .meanwhile = [](std::stop_source& stop) {
                              std::this_thread::sleep_for(sanitized ? 1s : 100ms);
                              stop.request_stop();
                            }});
  EXPECT_TRUE(played->finished);
  EXPECT_EQ(played->calls(Outcome::unfinished), 1u);
  EXPECT_LT(played->took(), 10s);
}

ATONCE_FOR_EVERY_CONTENDER(SpinTest);

}  // namespace
}  // namespace atonce
