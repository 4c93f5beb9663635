#pragma once
/// What the mock server says about a trial, held against what the client saw.

#include <string>
#include <unordered_map>

#include "core/ideal.h"
#include "core/policy.h"
#include "core/recorder.h"
#include "core/result.h"
#include "core/schedule.h"
#include "mock_server/truth.h"

namespace atonce {

struct ServerAccount {
  mock::TruthSummary summary;
  std::unordered_map<std::uint64_t, mock::AttemptTruth> attempts;  ///< by packed id
};

/// Forgets all counts and attempts, and sets what the next trial needs.
void reset_server(const std::string& url, std::uint64_t seed, double time_scale);
/// Forgets all counts and attempts, and sets the seed. The server stays what it has become: its
/// workers, freezes, quotas and bans go on.
void reset_account(const std::string& url, std::uint64_t seed);

/// Waits up to a second for connections that were closed to be gone from the server's count.
void wait_until_quiet(const std::string& url);

/// Waits up to a second for the client's connections to be gone, then reads everything.
ServerAccount read_server_account(const std::string& url);

/// Fills in the witness, and the metrics in which client and server stamps meet.
void compare_with_server(TrialResult& result, const Recorder& recorder,
                         const ServerAccount& account);

/// What the attempt comes to for a client that costs nothing, given how it really ended. Nothing
/// when that cannot be told: a fault met a client that had left by itself.
std::optional<PlannedReply> planned_reply(const mock::AttemptTruth& truth, const Sample& sample);

/// The ideal makespan under the delays that the server drew, attempts failing as they did. Nothing
/// when it did not log them all, when it refused some for coming too fast, or when a freeze held
/// some up: whom those would have met in an ideal world is not known.
std::optional<Nanos> ideal_from(const ServerAccount& account, const Recorder& recorder,
                                const Schedule& schedule, const Policy& policy);

}  // namespace atonce
