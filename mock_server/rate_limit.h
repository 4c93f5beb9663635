#pragma once
/// How much a client may ask for, as a value.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/config.h"
#include "core/policy.h"

namespace atonce::mock {

/// Whose headers and error bodies a limit speaks.
enum class Vendor : unsigned char { plain, openai, anthropic };

/// `most` per span of time.
struct Quota {
  enum class Kind : unsigned char {
    bucket,  ///< holds `most`, and is refilled evenly, `most` in `per`
    window,  ///< never more than `most` in any span of length `per`
  };
  std::uint64_t most = 1;
  Nanos per = std::chrono::seconds(1);
  Kind kind = Kind::bucket;
};

/// What LLM tokens an attempt is charged for: its body's bytes / `bytes_per_token`, rounded up, and
/// `output` for the answer.
struct TokenQuota {
  Quota quota;
  std::uint64_t bytes_per_token = 4;
  std::uint64_t output = 0;
  std::uint64_t estimate(std::uint64_t body_bytes) const;
};

/// A key that is refused `after` times `within` a span is shut out for as long as the ban `lasts`.
struct Ban {
  enum class Answer : unsigned char { forbidden, drop };
  std::size_t after = 1;
  Nanos within{};
  Nanos lasts{};
  Answer answer = Answer::forbidden;
};

struct RateLimit {
  std::string name;
  std::string key;  ///< the header whose value tells clients apart; empty = all are one
  std::optional<Quota> requests;
  std::optional<TokenQuota> tokens;
  std::size_t concurrent = unlimited;
  Vendor vendor = Vendor::plain;
  std::optional<Ban> ban;
};

/// All durations multiplied by `factor`, so all rates divided by it.
RateLimit with_time_scale(RateLimit limit, double factor);

/// A list of limits with different names. Throws ConfigError.
std::vector<RateLimit> parse_rate_limits(const ConfigNode& node);

/// The index in `limits` of the one that `node` names; nothing for "none". Throws ConfigError.
std::optional<std::size_t> parse_rate_limit_name(const ConfigNode& node,
                                                 const std::vector<RateLimit>& limits);

}  // namespace atonce::mock
