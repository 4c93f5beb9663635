#include "mock_server/rate_limit_answer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace atonce::mock {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;

const std::chrono::system_clock::time_point wall_clock{1'700'000'000s};  // 22:13:20 UTC

RateLimiter::Admission refused(RateLimiter::Cause cause, std::optional<Nanos> wait) {
  RateLimiter::Admission admission;
  admission.verdict = RateLimiter::Verdict::limited;
  admission.cause = cause;
  admission.wait = wait;
  admission.requests = RateLimiter::Gauge{60, 0, 1500ms};
  admission.tokens = RateLimiter::Gauge{10'000, 9'000, 6min};
  return admission;
}

std::string head_of(const CannedResponse& response) {
  return std::string(response.head(Persistence::stays_open));
}

TEST(GoDuration, reads_as_go_prints_it) {
  EXPECT_EQ(go_duration(0ns), "0s");
  EXPECT_EQ(go_duration(1ns), "1ms");
  EXPECT_EQ(go_duration(120ms), "120ms");
  EXPECT_EQ(go_duration(999ms + 1us), "1s");
  EXPECT_EQ(go_duration(1500ms), "1.5s");
  EXPECT_EQ(go_duration(59s + 999ms), "59.999s");
  EXPECT_EQ(go_duration(6min), "6m0s");
  EXPECT_EQ(go_duration(1h + 2s + 50ms), "1h0m2.05s");
}

TEST(Rfc3339, is_utc_rounded_up_to_seconds) {
  EXPECT_EQ(rfc3339(wall_clock), "2023-11-14T22:13:20Z");
  EXPECT_EQ(rfc3339(wall_clock + 1ns), "2023-11-14T22:13:21Z");
}

TEST(QuotaHeaders, are_each_vendors_own) {
  const auto admission = refused(RateLimiter::Cause::requests, 1s);
  EXPECT_THAT(
      quota_headers(Vendor::openai, admission, wall_clock),
      ElementsAre(
          Pair("x-ratelimit-limit-requests", "60"), Pair("x-ratelimit-remaining-requests", "0"),
          Pair("x-ratelimit-reset-requests", "1.5s"), Pair("x-ratelimit-limit-tokens", "10000"),
          Pair("x-ratelimit-remaining-tokens", "9000"), Pair("x-ratelimit-reset-tokens", "6m0s")));
  EXPECT_THAT(quota_headers(Vendor::anthropic, admission, wall_clock),
              ElementsAre(Pair("anthropic-ratelimit-requests-limit", "60"),
                          Pair("anthropic-ratelimit-requests-remaining", "0"),
                          Pair("anthropic-ratelimit-requests-reset", "2023-11-14T22:13:22Z"),
                          Pair("anthropic-ratelimit-tokens-limit", "10000"),
                          Pair("anthropic-ratelimit-tokens-remaining", "9000"),
                          Pair("anthropic-ratelimit-tokens-reset", "2023-11-14T22:19:20Z")));
  EXPECT_TRUE(quota_headers(Vendor::plain, admission, wall_clock).empty());
}

TEST(Refusal, tells_the_wait_rounded_up) {
  for (const Vendor vendor : {Vendor::plain, Vendor::openai, Vendor::anthropic}) {
    const auto admission = refused(RateLimiter::Cause::requests, 1200ms + 1us);
    const auto response = refusal(vendor, admission, {}, wall_clock);
    EXPECT_EQ(response.status(), 429);
    EXPECT_THAT(head_of(response), HasSubstr("\r\nRetry-After: 2\r\n"));
    EXPECT_THAT(head_of(response), HasSubstr("\r\nretry-after-ms: 1201\r\n"));
  }
}

TEST(Refusal, names_no_time_that_nobody_knows) {
  const auto full = refusal(Vendor::openai, refused(RateLimiter::Cause::concurrent, {}), {}, {});
  EXPECT_THAT(head_of(full), Not(HasSubstr("etry-")));
  const auto never =
      refusal(Vendor::openai, refused(RateLimiter::Cause::tokens, unlimited_time), {}, {});
  EXPECT_THAT(head_of(never), Not(HasSubstr("etry-After")));
  EXPECT_THAT(head_of(never), HasSubstr("\r\nx-should-retry: false\r\n"));
}

nlohmann::json body_of(Vendor vendor, const RateLimiter::Admission& admission) {
  return nlohmann::json::parse(refusal(vendor, admission, {.session = 1}, wall_clock).body());
}

TEST(Refusal, has_the_vendors_error_shape) {
  const auto limited = refused(RateLimiter::Cause::tokens, 1s);
  const auto openai = body_of(Vendor::openai, limited).at("error");
  EXPECT_EQ(openai.at("type"), "tokens");
  EXPECT_EQ(openai.at("code"), "rate_limit_exceeded");
  EXPECT_TRUE(openai.at("param").is_null());
  EXPECT_FALSE(openai.at("message").empty());
  const auto anthropic = body_of(Vendor::anthropic, limited);
  EXPECT_EQ(anthropic.at("type"), "error");
  EXPECT_EQ(anthropic.at("error").at("type"), "rate_limit_error");
  EXPECT_EQ(anthropic.at("request_id"), "req_0000000100000000");
  EXPECT_TRUE(body_of(Vendor::plain, limited).at("error").is_string());
}

TEST(Refusal, of_a_ban_is_403_without_a_time) {
  auto banned = refused(RateLimiter::Cause::requests, 1s);
  banned.verdict = RateLimiter::Verdict::banned;
  const auto response = refusal(Vendor::anthropic, banned, {}, wall_clock);
  EXPECT_EQ(response.status(), 403);
  EXPECT_THAT(head_of(response), Not(HasSubstr("etry-")));
  EXPECT_EQ(body_of(Vendor::anthropic, banned).at("error").at("type"), "permission_error");
  EXPECT_TRUE(body_of(Vendor::openai, banned).at("error").at("code").is_null());
}

}  // namespace
}  // namespace atonce::mock
