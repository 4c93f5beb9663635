#include "mock_server/rate_limits.h"

#include <algorithm>

namespace atonce::mock {

RateLimits::RateLimits(const ServerConfig& config) {
  for (const RateLimit& limit : config.rate_limits) {
    limiters_.emplace_back(limit, config.time_scale);
    const bool is_known = std::ranges::find(key_headers_, limit.key) != key_headers_.end();
    if (!limit.key.empty() && !is_known) key_headers_.push_back(limit.key);
  }
  for (const Route& route : config.routes) {
    by_route_.push_back(route.rate_limit ? &limiters_[*route.rate_limit] : nullptr);
  }
}

std::string_view RateLimits::key(const RateLimiter& limiter, const RequestHead& head) const {
  const auto found = std::ranges::find(key_headers_, limiter.limit().key);
  if (found == key_headers_.end()) return {};
  return head.keys[static_cast<std::size_t>(found - key_headers_.begin())];
}

void RateLimits::reset(double time_scale) {
  for (RateLimiter& limiter : limiters_) limiter.reset(time_scale);
}

}  // namespace atonce::mock
