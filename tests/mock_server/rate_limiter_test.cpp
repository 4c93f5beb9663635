#include "mock_server/rate_limiter.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace atonce::mock {
namespace {

using namespace std::chrono_literals;
using Verdict = RateLimiter::Verdict;
using Cause = RateLimiter::Cause;

constexpr Instant start{1h};

RateLimit three_a_second() {
  RateLimit limit;
  limit.requests = Quota{3, 1s, Quota::Kind::window};
  return limit;
}

TEST(RateLimiter, keeps_keys_apart) {
  RateLimiter limiter(three_a_second(), 1);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(limiter.admit("a", 0, start).pass);
  EXPECT_EQ(limiter.admit("a", 0, start).verdict, Verdict::limited);
  EXPECT_EQ(limiter.admit("b", 0, start).verdict, Verdict::admitted);
}

TEST(RateLimiter, takes_from_no_quota_when_one_of_them_has_no_room) {
  auto limit = three_a_second();
  limit.tokens = TokenQuota{.quota = {100, 1s, Quota::Kind::window}};
  RateLimiter limiter(limit, 1);
  EXPECT_EQ(limiter.admit("", 80, start).requests->remaining, 2u);
  const auto refused = limiter.admit("", 30, start + 400ms);
  EXPECT_EQ(refused.verdict, Verdict::limited);
  EXPECT_EQ(refused.cause, Cause::tokens);
  EXPECT_EQ(refused.wait, 600ms);
  EXPECT_EQ(refused.requests->remaining, 2u);
  EXPECT_EQ(refused.tokens->remaining, 20u);
  EXPECT_EQ(limiter.admit("", 30, start + 1s).verdict, Verdict::admitted);
}

TEST(RateLimiter, tells_the_longest_wait_and_the_first_cause) {
  RateLimit limit;
  limit.requests = Quota{1, 1s, Quota::Kind::window};
  limit.tokens = TokenQuota{.quota = {10, 5s, Quota::Kind::window}};
  RateLimiter limiter(limit, 1);
  limiter.admit("", 10, start);
  const auto refused = limiter.admit("", 10, start);
  EXPECT_EQ(refused.cause, Cause::requests);
  EXPECT_EQ(refused.wait, 5s);
}

TEST(RateLimiter, holds_a_place_for_as_long_as_the_pass_lives) {
  RateLimit limit;
  limit.concurrent = 2;
  RateLimiter limiter(limit, 1);
  auto first = limiter.admit("", 0, start);
  const auto second = limiter.admit("", 0, start);
  const auto refused = limiter.admit("", 0, start + 1h);
  EXPECT_EQ(refused.verdict, Verdict::limited);
  EXPECT_EQ(refused.cause, Cause::concurrent);
  EXPECT_FALSE(refused.wait);
  first.pass.reset();
  EXPECT_EQ(limiter.admit("", 0, start).verdict, Verdict::admitted);
}

TEST(RateLimiter, never_has_more_at_once_than_it_should_on_many_threads) {
  RateLimit limit;
  limit.concurrent = 3;
  RateLimiter limiter(limit, 1);
  std::atomic<int> inside = 0, most = 0, admitted = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 2000; ++j) {
        const auto admission = limiter.admit("", 0, now());
        if (!admission.pass) continue;
        const int here = ++inside;
        for (int seen = most; seen < here && !most.compare_exchange_weak(seen, here);) continue;
        ++admitted;
        --inside;
      }
    });
  }
  threads.clear();
  EXPECT_LE(most, 3);
  EXPECT_GT(admitted, 0);
  std::vector<RateLimiter::Admission> all;
  for (int i = 0; i < 3; ++i) all.push_back(limiter.admit("", 0, now()));
  for (const auto& admission : all) EXPECT_TRUE(admission.pass);
}

RateLimit banning() {
  RateLimit limit;
  limit.requests = Quota{1, 1h, Quota::Kind::window};
  limit.ban = Ban{.after = 3, .within = 10s, .lasts = 30s};
  return limit;
}

TEST(RateLimiter, bans_a_key_after_so_many_refusals_for_so_long) {
  RateLimiter limiter(banning(), 1);
  limiter.admit("a", 0, start);
  EXPECT_FALSE(limiter.admit("a", 0, start + 1s).begins_ban);
  EXPECT_FALSE(limiter.admit("a", 0, start + 2s).begins_ban);
  const auto third = limiter.admit("a", 0, start + 3s);
  EXPECT_EQ(third.verdict, Verdict::limited);
  EXPECT_TRUE(third.begins_ban);
  EXPECT_EQ(limiter.admit("a", 0, start + 4s).verdict, Verdict::banned);
  EXPECT_EQ(limiter.admit("a", 0, start + 33s - 1ns).verdict, Verdict::banned);
  EXPECT_EQ(limiter.admit("a", 0, start + 33s).verdict, Verdict::limited);
  EXPECT_EQ(limiter.admit("b", 0, start + 4s).verdict, Verdict::admitted);
}

TEST(RateLimiter, does_not_ban_for_refusals_that_are_far_apart) {
  RateLimiter limiter(banning(), 1);
  limiter.admit("", 0, start);
  for (int i = 1; i < 100; ++i) {
    EXPECT_FALSE(limiter.admit("", 0, start + i * 5s).begins_ban);
  }
}

TEST(RateLimiter, scales_all_its_times) {
  RateLimiter limiter(banning(), 0.001);
  limiter.admit("", 0, start);
  EXPECT_EQ(limiter.admit("", 0, start).wait, 3600ms);
  limiter.admit("", 0, start);
  EXPECT_TRUE(limiter.admit("", 0, start + 10ms - 1ns).begins_ban);
  EXPECT_EQ(limiter.admit("", 0, start + 39ms).verdict, Verdict::banned);
  EXPECT_EQ(limiter.admit("", 0, start + 41ms).verdict, Verdict::limited);
}

TEST(RateLimiter, forgets_everything_on_reset_and_takes_the_new_scale) {
  auto limit = three_a_second();
  limit.concurrent = 3;
  RateLimiter limiter(limit, 1);
  {
    std::vector<RateLimiter::Admission> old;
    for (int i = 0; i < 3; ++i) old.push_back(limiter.admit("", 0, start));
    limiter.reset(2);
    EXPECT_EQ(limiter.admit("", 0, start).requests->remaining, 2u);
  }
  std::vector<RateLimiter::Admission> fresh;
  for (int i = 0; i < 2; ++i) fresh.push_back(limiter.admit("", 0, start));
  EXPECT_EQ(limiter.admit("", 0, start).wait, 2s);
}

TEST(RateLimiter, knows_a_key_for_as_long_as_it_matters) {
  RateLimiter limiter(three_a_second(), 1);
  for (int i = 0; i < 3; ++i) limiter.admit("mine", 0, start);
  for (int i = 0; i < 5000; ++i) limiter.admit(std::to_string(i), 0, start + i * 100us);
  EXPECT_EQ(limiter.admit("mine", 0, start + 999ms).verdict, Verdict::limited);
  EXPECT_EQ(limiter.admit("mine", 0, start + 1s).verdict, Verdict::admitted);
}

TEST(TokenQuota, estimates_from_the_body_and_adds_the_output) {
  const TokenQuota tokens{.quota = {}, .bytes_per_token = 4, .output = 100};
  EXPECT_EQ(tokens.estimate(0), 100u);
  EXPECT_EQ(tokens.estimate(1), 101u);
  EXPECT_EQ(tokens.estimate(8), 102u);
}

}  // namespace
}  // namespace atonce::mock
