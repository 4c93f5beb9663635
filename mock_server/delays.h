#pragma once
/// How long each attempt takes, before anything happens.

#include <cstdint>
#include <optional>
#include <vector>

#include "core/attempt_id.h"
#include "mock_server/server_config.h"
#include "mock_server/token_plan.h"

namespace atonce::mock {

/// Draws that depend on (seed, route, id) alone: the same in any order, on any thread. Immutable.
class Delays {
 public:
  Delays(const std::vector<Route>& routes, std::uint64_t seed, double time_scale);

  std::uint64_t seed() const { return seed_; }
  double time_scale() const { return time_scale_; }

  /// The pure delay of an attempt on the route with that index.
  Nanos latency(std::size_t route, AttemptId id) const;
  /// How long it occupies a worker, with `in_flight` attempts on the route at its start.
  Nanos service(std::size_t route, AttemptId id, std::size_t in_flight) const;
  /// When the tokens of its answer are due, at most `most` of them; for routes that speak the API
  /// of an LLM.
  TokenPlan tokens(std::size_t route, AttemptId id, std::size_t most, std::size_t in_flight) const;

 private:
  struct RouteLaws {
    Law latency;
    Law service;
    Usl usl;
    std::optional<TokenLaws> tokens;
  };
  std::uint64_t seed_;
  double time_scale_;
  std::vector<RouteLaws> laws_;
};

}  // namespace atonce::mock
