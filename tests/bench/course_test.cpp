#include "bench/course.h"

#include <gmock/gmock.h>

#include "core/drift.h"

namespace atonce {
namespace {

using testing::Each;
using testing::IsEmpty;
using testing::SizeIs;
using namespace std::chrono_literals;

const Instant start{1s};

void record(Recorder& recorder, std::uint32_t session, Nanos took, Outcome outcome = Outcome::ok) {
  const Instant due = start + session * 1ms;
  recorder.on_call(
      {.session = session, .outcome = outcome, .due = due, .ready = due, .done = due + took});
}

TEST(Course, has_the_median_of_every_twentieth_in_order_of_arrival) {
  Recorder recorder;
  recorder.begin(start, {});
  for (std::uint32_t session = 400; session-- > 0;)
    record(recorder, session, session % 20 < 9 ? 1s : session / 20 * 1ms);
  const auto course = course_of(recorder);
  ASSERT_THAT(course, SizeIs(course_parts));
  for (std::size_t part = 0; part < course_parts; ++part) EXPECT_EQ(course[part], part * 1ms);
}

TEST(Course, leaves_out_failures_and_the_warm_up) {
  Recorder recorder;
  recorder.begin(start, {.sessions = 50, .span = {}});
  for (std::uint32_t session = 0; session < 250; ++session) {
    record(recorder, session, session < 50 ? 1s : 5ms);
    record(recorder, session, 1s, Outcome::reset);
  }
  EXPECT_THAT(course_of(recorder), testing::AllOf(SizeIs(course_parts), Each(5ms)));
}

TEST(Course, needs_a_hundred_calls) {
  Recorder recorder;
  recorder.begin(start, {});
  for (std::uint32_t session = 0; session < 99; ++session) record(recorder, session, 5ms);
  EXPECT_THAT(course_of(recorder), IsEmpty());
  record(recorder, 99, 5ms);
  EXPECT_THAT(course_of(recorder), SizeIs(course_parts));
}

}  // namespace
}  // namespace atonce
