#include "mock_server/rate_limit_answer.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "mock_server/retry_after.h"

namespace atonce::mock {
namespace {

using Verdict = RateLimiter::Verdict;
using Cause = RateLimiter::Cause;
using WallTime = std::chrono::system_clock::time_point;

void add_gauge(CannedResponse::Headers& headers, Vendor vendor, std::string_view what,
               const std::optional<RateLimiter::Gauge>& gauge, WallTime wall_clock) {
  if (!gauge || vendor == Vendor::plain) return;
  const auto add = [&](std::string_view field, std::string value) {
    headers.emplace_back(vendor == Vendor::openai
                             ? fmt::format("x-ratelimit-{}-{}", field, what)
                             : fmt::format("anthropic-ratelimit-{}-{}", what, field),
                         std::move(value));
  };
  add("limit", std::to_string(gauge->most));
  add("remaining", std::to_string(gauge->remaining));
  add("reset", vendor == Vendor::openai ? go_duration(gauge->until_full)
                                        : rfc3339(wall_clock + gauge->until_full));
}

std::string_view sentence(const RateLimiter::Admission& admission) {
  if (admission.verdict == Verdict::banned) return "banned for too many refused requests";
  if (admission.wait == unlimited_time) return "the request has more tokens than the limit";
  switch (admission.cause) {
    case Cause::requests:
      return "rate limit reached for requests";
    case Cause::tokens:
      return "rate limit reached for tokens";
    case Cause::concurrent:
      return "too many requests at once";
  }
  return "";
}

std::string error_body(Vendor vendor, const RateLimiter::Admission& admission, AttemptId id) {
  const bool is_banned = admission.verdict == Verdict::banned;
  const auto message = sentence(admission);
  if (vendor == Vendor::openai) {
    const std::string_view type = is_banned                          ? "request_forbidden"
                                  : admission.cause == Cause::tokens ? "tokens"
                                                                     : "requests";
    const std::string_view code = is_banned ? "null" : R"("rate_limit_exceeded")";
    return fmt::format(
        R"({{"error": {{"message": "{}", "type": "{}", "param": null, "code": {}}}}})"
        "\n",
        message, type, code);
  }
  if (vendor == Vendor::anthropic) {
    return fmt::format(
        R"({{"type": "error", "error": {{"type": "{}", "message": "{}"}}, "request_id": "req_{}"}})"
        "\n",
        is_banned ? "permission_error" : "rate_limit_error", message, to_hex(id));
  }
  return fmt::format("{{\"error\": \"{}\"}}\n", message);
}

}  // namespace

std::string go_duration(Nanos span) {
  const auto all = std::chrono::ceil<std::chrono::milliseconds>(span).count();
  if (all > 0 && all < 1000) return fmt::format("{}ms", all);
  std::string text;
  if (all >= 3'600'000) text += fmt::format("{}h", all / 3'600'000);
  if (all >= 60'000) text += fmt::format("{}m", all / 60'000 % 60);
  return text + fmt::format("{:g}s", static_cast<double>(all % 60'000) / 1000);
}

std::string rfc3339(WallTime at) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(at);
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}",
                     fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)));
}

CannedResponse::Headers quota_headers(Vendor vendor, const RateLimiter::Admission& admission,
                                      WallTime wall_clock) {
  CannedResponse::Headers headers;
  add_gauge(headers, vendor, "requests", admission.requests, wall_clock);
  add_gauge(headers, vendor, "tokens", admission.tokens, wall_clock);
  return headers;
}

CannedResponse refusal(Vendor vendor, const RateLimiter::Admission& admission, AttemptId id,
                       WallTime wall_clock) {
  auto headers = quota_headers(vendor, admission, wall_clock);
  headers.emplace_back("Content-Type", "application/json");
  const bool is_banned = admission.verdict == Verdict::banned;
  if (!is_banned && admission.wait == unlimited_time) {
    headers.emplace_back("x-should-retry", "false");
  } else if (!is_banned && admission.wait) {
    for (auto& header : retry_after_headers(*admission.wait)) headers.push_back(std::move(header));
  }
  return {static_cast<std::uint16_t>(is_banned ? 403 : 429), headers,
          error_body(vendor, admission, id)};
}

}  // namespace atonce::mock
