#pragma once
/// All rate limits of a server, and which route has which.

#include <deque>
#include <string>
#include <vector>

#include "mock_server/rate_limiter.h"
#include "mock_server/request_parser.h"
#include "mock_server/server_config.h"

namespace atonce::mock {

class RateLimits {
 public:
  explicit RateLimits(const ServerConfig& config);

  /// The limiter of the route with that index; null without one.
  RateLimiter* of(std::size_t route) { return by_route_[route]; }
  /// What tells the client of `head` apart under `limiter`, one of these.
  std::string_view key(const RateLimiter& limiter, const RequestHead& head) const;
  /// The headers that requests must be read for: RequestHead::keys has their values in this order.
  const std::vector<std::string>& key_headers() const { return key_headers_; }

  void reset(double time_scale);

 private:
  std::deque<RateLimiter> limiters_;  // they have a mutex and cannot move
  std::vector<RateLimiter*> by_route_;
  std::vector<std::string> key_headers_;
};

}  // namespace atonce::mock
