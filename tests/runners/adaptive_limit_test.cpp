#include "tests/runners/conformance.h"

namespace atonce {
namespace {

using AdaptiveLimitTest = ConformanceTest;

TEST_P(AdaptiveLimitTest, every_call_ends_once_and_none_is_sent_over_the_cap) {
  for (const LimitLaw law : {LimitLaw::aimd, LimitLaw::vegas, LimitLaw::gradient2}) {
    SCOPED_TRACE(name(law));
    const std::size_t calls = GetParam().entry->model == Model::serial ? 20 : sanitized ? 100 : 300;
    const auto played = play({.url = server.url(),
                              .schedule = batch("/delay?2", calls),
                              .policy = {.cap = 14, .limit = {.law = law}}});
    EXPECT_TRUE(played->finished);
    EXPECT_EQ(played->calls(Outcome::ok), calls);
    EXPECT_EQ(played->recorder.attempt_count(), calls);
    EXPECT_LE(played->recorder.peak_in_flight(), 14u);
    for (const TimeSlice& slice : played->recorder.series().slices) {
      EXPECT_GE(slice.limit, 1u);
      EXPECT_LE(slice.limit, 14u);
    }
  }
  EXPECT_LE(server.witness().peak_in_flight, 14u);
}

ATONCE_FOR_EVERY_CONTENDER(AdaptiveLimitTest);

}  // namespace
}  // namespace atonce
