#include "core/retry_hints.h"

#include <gtest/gtest.h>

namespace atonce {
namespace {

using namespace std::chrono_literals;

RetryHints hints_of(std::initializer_list<std::pair<std::string_view, std::string_view>> headers) {
  // 1994-11-06 08:49:30 UTC
  const std::chrono::system_clock::time_point wall{std::chrono::seconds(784111770)};
  RetryHints hints;
  for (const auto& [name, value] : headers) read_retry_header(name, value, hints, wall);
  return hints;
}

TEST(RetryHints, read_seconds_milliseconds_and_dates) {
  EXPECT_EQ(hints_of({{"retry-after", "2"}}).after, 2s);
  EXPECT_EQ(hints_of({{"Retry-After", "0.25"}}).after, 250ms);
  EXPECT_EQ(hints_of({{"RETRY-AFTER-MS", "40"}}).after, 40ms);
  EXPECT_EQ(hints_of({{"Retry-After", "Sun, 06 Nov 1994 08:49:37 GMT"}}).after, 7s);
  EXPECT_EQ(hints_of({{"Retry-After", "Sun, 06 Nov 1994 08:00:00 GMT"}}).after, 0s);
  EXPECT_GT(hints_of({{"Retry-After", "Fri, 31 Dec 9999 23:59:59 GMT"}}).after, 24h);
  EXPECT_EQ(hints_of({{"Retry-After", "Mon, 01 Jan 1601 00:00:00 GMT"}}).after, 0s);
}

TEST(RetryHints, the_exact_one_wins_in_either_order) {
  EXPECT_EQ(hints_of({{"retry-after", "1"}, {"retry-after-ms", "40"}}).after, 40ms);
  EXPECT_EQ(hints_of({{"retry-after-ms", "40"}, {"retry-after", "1"}}).after, 40ms);
}

TEST(RetryHints, ignore_what_is_no_time) {
  for (const std::string_view bad : {"", "soon", "-1", "nan", "1 s", "Sun, 06 Nov 1994"})
    EXPECT_FALSE(hints_of({{"retry-after", bad}}).after) << bad;
  EXPECT_TRUE(hints_of({{"retry-after", "1e300"}}).after);
  EXPECT_FALSE(hints_of({{"x-retry-after", "1"}}).after);
}

TEST(RetryHints, x_should_retry_says_yes_or_no) {
  EXPECT_EQ(hints_of({{"X-Should-Retry", "true"}}).should, true);
  EXPECT_EQ(hints_of({{"x-should-retry", "false"}}).should, false);
  EXPECT_FALSE(hints_of({{"x-should-retry", "maybe"}}).should);
}

}  // namespace
}  // namespace atonce
