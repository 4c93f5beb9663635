#pragma once
/// What the mock server serves, as a value. docs/mock_server.md describes the YAML schema.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/config.h"
#include "core/law.h"
#include "core/policy.h"
#include "mock_server/content.h"
#include "mock_server/faults.h"
#include "mock_server/freezes.h"
#include "mock_server/llm_config.h"
#include "mock_server/rate_limit.h"

namespace atonce::mock {

/// Universal scalability law (Gunther, "Guerrilla Capacity Planning", 2007): with N attempts on the
/// route, a service takes 1 + sigma (N - 1) + kappa N (N - 1) times as long. Throughput is then at
/// its best at N = sqrt((1 - sigma) / kappa).
struct Usl {
  double sigma = 0;  ///< contention, >= 0
  double kappa = 0;  ///< coherency, >= 0
  double slowdown(std::size_t in_flight) const;
};

/// From then on there are so many workers.
struct CapacityChange {
  Nanos at{};  ///< since the first attempt on the route after a reset
  std::size_t workers = unlimited;
};

/// A route that only so many attempts can use at once.
struct Capacity {
  std::size_t workers = unlimited;
  std::vector<CapacityChange> changes{};  ///< in order of time
  std::size_t queue = unlimited;  ///< most attempts that wait, in order of arrival; others get 503
  /// Occupies a worker; `latency` does not. An answer in tokens does, and has no service besides.
  Law service = Fixed{};
  std::optional<Usl> usl;
};

struct Route {
  std::string method = "*";  ///< "*" = any; GET includes HEAD
  std::string path;          ///< without query
  Law latency = Fixed{};
  std::uint16_t status = 200;
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
  std::optional<Capacity> capacity;
  std::vector<Fault> faults;
  std::optional<std::size_t> rate_limit;  ///< index in ServerConfig::rate_limits
  std::optional<Content> content;         ///< instead of `body`
  std::optional<LlmRoute> llm;            ///< instead of latency, status and body
};

/// What a client may ask of the server before it is refused.
struct Limits {
  std::uint32_t header_bytes = 16 * 1024;         ///< more: 431
  std::uint64_t body_bytes = 16 << 20;            ///< more: 413
  Nanos receive_time = std::chrono::seconds(10);  ///< for a request once begun: 408
  Nanos idle_time = std::chrono::seconds(120);    ///< between requests, then the connection closes
  std::size_t connections = unlimited;            ///< most open ones
  bool connections_wait = false;  ///< further ones are not accepted yet; otherwise they are reset
};

struct ServerConfig {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  ///< 0 = any free one
  std::size_t io_threads = 1;
  std::uint64_t seed = 1;
  double time_scale = 1;  ///< all delays are multiplied by this
  Limits limits;
  std::size_t truth_limit = 1'000'000;  ///< attempts logged one by one; all are counted
  /// Tokens whose writes are logged, 8 bytes each; beyond it answers are logged without them.
  std::size_t truth_token_limit = 10'000'000;
  std::vector<Freeze> freezes;
  std::vector<RateLimit> rate_limits;
  std::vector<Route> routes;
};

/// Throws ConfigError.
ServerConfig parse_server_config(const ConfigNode& node);

struct BuiltinProfile {
  std::string_view name;
  std::string_view text;  ///< YAML
};
std::vector<BuiltinProfile> builtin_profiles();

/// Throws std::invalid_argument, with the names there are, when there is none of that name.
ServerConfig builtin_profile(std::string_view name);

}  // namespace atonce::mock
