#pragma once
/// How many tokens an answer has and when each is due, before anything happens.

#include <algorithm>
#include <cstdint>
#include <vector>

#include "core/attempt_id.h"
#include "core/clock.h"
#include "mock_server/llm_config.h"

namespace atonce::mock {

struct TokenPlan {
  std::vector<Nanos> due;  ///< of each token, from the start of the answer; at least one
  bool is_cut = false;     ///< the request's limit ended it

  Nanos total() const { return due.back(); }
  /// Of that token; past the last one, of the end.
  Nanos due_of(std::size_t token) const { return due[std::min(token, due.size() - 1)]; }
};

/// The laws of one route, scaled. Immutable.
class TokenLaws {
 public:
  TokenLaws(const LlmRoute& route, double time_scale);

  /// `most` is the request's limit, `slowdown` a factor on all times.
  TokenPlan plan(std::uint64_t seed, AttemptId id, std::size_t most, double slowdown) const;

 private:
  Law ttft_;
  Law gap_;
  Law tokens_;
};

}  // namespace atonce::mock
