#pragma once
/// What a rate limit tells the client, in its vendor's words.

#include <chrono>
#include <string>
#include <string_view>

#include "core/attempt_id.h"
#include "mock_server/canned_response.h"
#include "mock_server/rate_limiter.h"

namespace atonce::mock {

/// A duration as Go prints it, rounded up to milliseconds: "0s", "120ms", "1.5s", "6m0s", "1h0m0s".
std::string go_duration(Nanos span);

/// A point in UTC as RFC 3339 has it, rounded up to seconds: "2026-11-25T01:30:00Z".
std::string rfc3339(std::chrono::system_clock::time_point at);

/// The state of the quotas. OpenAI: x-ratelimit-{limit,remaining,reset}-{requests,tokens}, reset as
/// a Go duration. Anthropic: anthropic-ratelimit-{requests,tokens}-{limit,remaining,reset}, reset
/// as an RFC 3339 time. Plain: none.
CannedResponse::Headers quota_headers(Vendor vendor, const RateLimiter::Admission& admission,
                                      std::chrono::system_clock::time_point wall_clock);

/// 429 for an attempt that was limited, 403 for one that was banned. An attempt that never fits is
/// told x-should-retry: false, and no time.
CannedResponse refusal(Vendor vendor, const RateLimiter::Admission& admission, AttemptId id,
                       std::chrono::system_clock::time_point wall_clock);

}  // namespace atonce::mock
