#include "core/ideal.h"

#include <gtest/gtest.h>

#include "core/random.h"
#include "tests/core/fake_play.h"

namespace atonce::testing {
namespace {

using std::chrono::milliseconds;

auto always(Nanos delay) {
  return [delay](AttemptId) { return std::optional(PlannedReply{.delay = delay}); };
}

Nanos drawn(AttemptId id) {
  return Nanos{
      static_cast<std::int64_t>(1e6 * (250 + 500 * uniform01(7, id.packed(), Stream::latency)))};
}

TEST(Ideal, serial_is_the_sum_and_unlimited_the_maximum) {
  const Schedule schedule = batch(50, chain({1}));
  Nanos sum{}, most{};
  for (std::uint32_t session = 0; session < 50; ++session) {
    sum += drawn({.session = session});
    most = std::max(most, drawn({.session = session}));
  }
  const auto reply = [](AttemptId id) { return std::optional(PlannedReply{.delay = drawn(id)}); };
  EXPECT_EQ(ideal_makespan(schedule, {.cap = 1}, reply), sum);
  EXPECT_EQ(ideal_makespan(schedule, {}, reply), most);
}

TEST(Ideal, equal_delays_run_in_waves) {
  const Schedule schedule = batch(10, chain({1}));
  EXPECT_EQ(ideal_makespan(schedule, {.cap = 3}, always(milliseconds(2))), milliseconds(8))
      << "ten prompts, three at once, two each: eight";
}

TEST(Ideal, a_pipeline_takes_the_sum_of_its_stages) {
  const Schedule schedule = batch(1, chain({3, 2, 1}));
  const auto reply = [](AttemptId id) {
    const Nanos delay = milliseconds(id.call < 3 ? 1500 : id.call < 5 ? 2000 : 1000);
    return std::optional(PlannedReply{.delay = delay});
  };
  EXPECT_EQ(ideal_makespan(schedule, {}, reply), milliseconds(4500));
  EXPECT_EQ(ideal_makespan(schedule, {.cap = 1}, reply), milliseconds(9500));
}

TEST(Ideal, counts_time_outs_retries_and_back_offs) {
  Policy policy{.attempt_timeout = milliseconds(10)};
  policy.retry = {.max_attempts = 2, .base = milliseconds(5)};
  const auto reply = [](AttemptId id) {
    return std::optional(PlannedReply{.delay = milliseconds(id.attempt == 0 ? 50 : 3)});
  };
  EXPECT_EQ(ideal_makespan(batch(1, chain({1})), policy, reply), milliseconds(18));
}

TEST(Ideal, a_cancelled_sibling_costs_nothing) {
  Policy policy;
  policy.on_error = ErrorPolicy::fail_fast;
  const auto reply = [](AttemptId id) {
    return std::optional(id.call == 0 ? PlannedReply{milliseconds(1), Outcome::http_status, 500}
                                      : PlannedReply{.delay = milliseconds(60)});
  };
  EXPECT_EQ(ideal_makespan(batch(1, chain({3})), policy, reply), milliseconds(1));
}

TEST(Ideal, is_unknown_when_a_needed_delay_is_unknown) {
  EXPECT_FALSE(ideal_makespan(batch(2, chain({1})), {}, [](AttemptId id) {
    return id.session == 0 ? std::optional(PlannedReply{}) : std::nullopt;
  }));
}

}  // namespace
}  // namespace atonce::testing
