#include <gtest/gtest.h>

#include "mock_server/retry_after.h"

namespace atonce::mock {
namespace {

using namespace std::chrono_literals;

constexpr Instant start{1h};
constexpr AttemptId first{.session = 7, .call = 2, .attempt = 1};
constexpr AttemptId next{.session = 7, .call = 2, .attempt = 2};

TEST(RetryWatch, sees_a_later_attempt_of_the_call_before_its_time) {
  RetryWatch watch;
  watch.tell(first, start, start + 1s);
  EXPECT_TRUE(watch.is_early(next, start + 1s - 1ns));
  EXPECT_FALSE(watch.is_early(next, start + 1s));
}

TEST(RetryWatch, minds_no_other_call_and_no_earlier_attempt) {
  RetryWatch watch;
  watch.tell(first, start, start + 1s);
  EXPECT_FALSE(watch.is_early({.session = 7, .call = 3, .attempt = 2}, start));
  EXPECT_FALSE(watch.is_early({.session = 8, .call = 2, .attempt = 2}, start));
  EXPECT_FALSE(watch.is_early(first, start));
  EXPECT_FALSE(watch.is_early({.session = 7, .call = 2, .attempt = 0}, start));
}

TEST(RetryWatch, goes_by_what_was_told_last) {
  RetryWatch watch;
  watch.tell(first, start, start + 10s);
  watch.tell(next, start, start + 1s);
  const AttemptId third{.session = 7, .call = 2, .attempt = 3};
  EXPECT_TRUE(watch.is_early(third, start));
  EXPECT_FALSE(watch.is_early(third, start + 1s));
}

TEST(RetryWatch, keeps_what_still_matters_however_many_calls_there_are) {
  RetryWatch watch;
  watch.tell(first, start, start + 1h);
  for (std::uint32_t i = 0; i < 10'000; ++i) {
    watch.tell({.session = 1000 + i}, start + i * 1ms, start + (i + 1) * 1ms);
  }
  EXPECT_TRUE(watch.is_early(next, start + 10s));
  watch.clear();
  EXPECT_FALSE(watch.is_early(next, start + 10s));
}

}  // namespace
}  // namespace atonce::mock
