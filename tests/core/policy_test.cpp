#include "core/policy.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace atonce {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(Policy, failures_that_another_try_could_help_are_retryable) {
  for (const Outcome outcome :
       {Outcome::connect_refused, Outcome::connect_timeout, Outcome::reset, Outcome::closed_early,
        Outcome::truncated, Outcome::read_timeout, Outcome::dns, Outcome::tls,
        Outcome::stream_error, Outcome::worker_lost})
    EXPECT_TRUE(retryable(outcome, 0)) << name(outcome);
  EXPECT_TRUE(retryable(Outcome::rate_limited, 429));
  for (const unsigned status : {408, 409, 500, 503, 599})
    EXPECT_TRUE(retryable(Outcome::http_status, status)) << status;
}

TEST(Policy, failures_that_another_try_cannot_help_are_final) {
  for (const Outcome outcome : {Outcome::ok, Outcome::malformed, Outcome::deadline,
                                Outcome::cancelled, Outcome::shed, Outcome::unfinished})
    EXPECT_FALSE(retryable(outcome, 500)) << name(outcome);
  for (const unsigned status : {100, 400, 401, 404, 499})
    EXPECT_FALSE(retryable(Outcome::http_status, status)) << status;
}

TEST(Policy, backoff_grows_by_its_factor_up_to_the_longest) {
  const RetryPolicy policy{.base = seconds{1}, .factor = 3, .jitter = 0, .longest = seconds{20}};
  EXPECT_EQ(backoff(policy, 1, 42, 0), seconds{1});
  EXPECT_EQ(backoff(policy, 1, 42, 1), seconds{3});
  EXPECT_EQ(backoff(policy, 1, 42, 2), seconds{9});
  EXPECT_EQ(backoff(policy, 1, 42, 3), seconds{20});
  EXPECT_EQ(backoff(policy, 1, 42, 65'535), seconds{20});
}

TEST(Policy, backoff_stays_a_time_at_its_extremes) {
  EXPECT_EQ(backoff({.base = Nanos{0}}, 1, 42, 65'535), Nanos{0});
  EXPECT_EQ(backoff({.longest = unlimited_time}, 1, 42, 65'535), unlimited_time);
}

TEST(Policy, jitter_shortens_a_backoff_by_at_most_its_share) {
  const RetryPolicy policy{.base = seconds{1}, .jitter = 0.25};
  Nanos shortest = Nanos::max(), longest = Nanos::min();
  for (std::uint64_t id = 0; id < 10'000; ++id) {
    const Nanos wait = backoff(policy, 1, id, 0);
    shortest = std::min(shortest, wait);
    longest = std::max(longest, wait);
  }
  EXPECT_GE(shortest, milliseconds{750});
  EXPECT_LT(shortest, milliseconds{751});
  EXPECT_LE(longest, seconds{1});
  EXPECT_GT(longest, milliseconds{999});
}

TEST(Policy, jitter_is_drawn_from_seed_and_id_alone) {
  const RetryPolicy policy{.jitter = 1};
  EXPECT_EQ(backoff(policy, 1, 42, 0), backoff(policy, 1, 42, 0));
  EXPECT_NE(backoff(policy, 1, 42, 0), backoff(policy, 2, 42, 0));
  EXPECT_NE(backoff(policy, 1, 42, 0), backoff(policy, 1, 43, 0));
}

Sample failed(Outcome outcome, std::uint16_t status, std::uint16_t attempt = 0) {
  Sample sample;
  sample.id.attempt = attempt;
  sample.outcome = outcome;
  sample.status = status;
  return sample;
}

TEST(RetryWait, is_the_backoff_until_the_attempts_are_used_up) {
  const RetryPolicy policy{.max_attempts = 3, .base = seconds{1}};
  EXPECT_EQ(retry_wait(policy, 1, failed(Outcome::reset, 0, 0)), seconds{1});
  EXPECT_EQ(retry_wait(policy, 1, failed(Outcome::reset, 0, 1)), seconds{2});
  EXPECT_FALSE(retry_wait(policy, 1, failed(Outcome::reset, 0, 2)));
  EXPECT_FALSE(retry_wait(policy, 1, failed(Outcome::ok, 200)));
  EXPECT_FALSE(retry_wait(policy, 1, failed(Outcome::http_status, 404)));
}

TEST(RetryWait, is_what_the_server_says_when_it_says_so) {
  RetryPolicy policy{.max_attempts = 2, .base = seconds{1}};
  Sample sample = failed(Outcome::rate_limited, 429);
  sample.retry.after = milliseconds{70};
  EXPECT_EQ(retry_wait(policy, 1, sample), milliseconds{70});
  sample.retry.after = seconds{61};
  EXPECT_EQ(retry_wait(policy, 1, sample), seconds{1}) << "too long to wait for";
  policy.hints = false;
  sample.retry.after = milliseconds{70};
  EXPECT_EQ(retry_wait(policy, 1, sample), seconds{1});
}

TEST(RetryWait, x_should_retry_overrules_the_status) {
  RetryPolicy policy{.max_attempts = 2};
  Sample never_again = failed(Outcome::http_status, 503);
  never_again.retry.should = false;
  EXPECT_FALSE(retry_wait(policy, 1, never_again));
  Sample try_again = failed(Outcome::http_status, 404);
  try_again.retry.should = true;
  EXPECT_TRUE(retry_wait(policy, 1, try_again));
  policy.hints = false;
  EXPECT_TRUE(retry_wait(policy, 1, never_again));
  EXPECT_FALSE(retry_wait(policy, 1, try_again));
}

TEST(RetryWait, of_the_vendors_libraries) {
  const RetryPolicy sdk = RetryPolicy::sdk();
  const auto first = retry_wait(sdk, 1, failed(Outcome::connect_refused, 0));
  ASSERT_TRUE(first);
  EXPECT_GE(*first, milliseconds{375});
  EXPECT_LE(*first, milliseconds{500});
  EXPECT_TRUE(retry_wait(sdk, 1, failed(Outcome::rate_limited, 429, 1)));
  EXPECT_FALSE(retry_wait(sdk, 1, failed(Outcome::rate_limited, 429, 2)));
  EXPECT_FALSE(retry_wait(sdk, 1, failed(Outcome::truncated, 200))) << "the stream had begun";
  EXPECT_TRUE(retry_wait({.max_attempts = 2}, 1, failed(Outcome::truncated, 200)));
}

}  // namespace
}  // namespace atonce
