#pragma once
/// What the mock server says about a trial, held against what the client saw.

#include <span>
#include <string>
#include <unordered_map>

#include "core/ideal.h"
#include "core/policy.h"
#include "core/result.h"
#include "core/sample.h"
#include "core/schedule.h"
#include "mock_server/truth.h"

namespace atonce {

struct ServerAccount {
  mock::TruthSummary summary;
  std::unordered_map<std::uint64_t, mock::AttemptTruth> attempts;  ///< by packed id
};

/// Forgets all counts and attempts, and sets what the next trial needs.
void reset_server(const std::string& url, std::uint64_t seed, double time_scale);

/// Waits up to a second for the client's connections to be gone, then reads everything.
ServerAccount read_server_account(const std::string& url);

/// Fills in the witness, client overhead and server lateness.
void compare_with_server(TrialResult& result, std::span<const Sample> attempts,
                         const ServerAccount& account);

/// What the attempt comes to for a client that costs nothing; nothing when it stalls and no limit
/// of `policy` ends it.
std::optional<PlannedReply> planned_reply(const mock::AttemptTruth& truth, const Policy& policy);

/// The ideal makespan under the delays that the server drew; nothing when it did not log them all.
std::optional<Nanos> ideal_from(const ServerAccount& account, const Schedule& schedule,
                                const Policy& policy);

}  // namespace atonce
