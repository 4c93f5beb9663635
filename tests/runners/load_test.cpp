#include "tests/runners/conformance.h"

namespace atonce {
namespace {

using namespace std::chrono_literals;

using LoadTest = ConformanceTest;

std::size_t full_load(Model model) {
  const bool one_thread = model == Model::coroutines || model == Model::event_loop;
  return (one_thread ? 2000 : 500) / (sanitized ? 10 : 1);
}

TEST_P(LoadTest, carries_as_many_calls_at_once_as_its_model_promises) {
  if (GetParam().entry->model == Model::serial) GTEST_SKIP() << "one call at a time by design";
  const std::size_t calls = full_load(GetParam().entry->model);
  const auto played = play(
      {.url = server.url(), .schedule = batch("/delay?2000", calls), .policy = {.cap = calls}});
  EXPECT_EQ(played->calls(Outcome::ok), calls);
  EXPECT_EQ(played->recorder.peak_in_flight(), calls);
  EXPECT_EQ(server.witness().peak_in_flight, calls);
  EXPECT_TRUE(server.wait_until_quiet());
}

ATONCE_FOR_EVERY_CONTENDER(LoadTest);

}  // namespace
}  // namespace atonce
