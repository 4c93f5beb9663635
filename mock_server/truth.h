#pragma once
/// What really happened on the server's side, and its forms on the wire. Reading and writing of
/// each form stand side by side.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/attempt_id.h"
#include "core/clock.h"
#include "mock_server/faults.h"

namespace atonce::mock {

/// What became of the attempt's connection.
enum class ConnectionEnd : unsigned char {
  kept,    ///< open when the attempt was over
  left,    ///< ended by the client
  closed,  ///< ended by the server in good order
  reset,   ///< ended by the server with RST
};
/// As in the truth log.
std::string_view name(ConnectionEnd end);

/// The life of one attempt. It was answered in full when `closed` is unset.
struct AttemptTruth {
  AttemptId id;
  Instant arrived;  ///< its request head was read
  /// Latency + service as drawn, or up to the last token; waiting for a worker excluded.
  Nanos planned{};
  Nanos queued{};                     ///< waited for a worker
  Nanos frozen{};                     ///< put off by freezes: its service and its last write
  Instant first_write;                ///< just before the first byte was handed to the kernel
  Instant last_write;                 ///< just after the last byte was
  Instant closed;                     ///< the connection was over before that
  std::uint32_t connection = 0;       ///< numbered in order of acceptance
  std::uint16_t status = 0;           ///< as sent; 0 when there was no answer
  FaultKind fault = FaultKind::none;  ///< that struck
  ConnectionEnd connection_end = ConnectionEnd::kept;
  /// Of a streamed answer: for each token, just after the write that completed its event.
  std::vector<Instant> token_writes;

  bool operator==(const AttemptTruth&) const = default;
};

/// Counts since the last reset. Requests to the server's own pages and their connections are in
/// none of them. Attempts = completed + aborted + faulted + those not ended yet.
struct TruthSummary {
  std::uint64_t attempts = 0;   ///< request heads that arrived
  std::uint64_t completed = 0;  ///< answered in full, if only with a fault's status
  std::uint64_t aborted = 0;    ///< the client went away first
  std::uint64_t faulted = 0;    ///< ended by a fault without a full answer
  std::uint64_t rejected = 0;   ///< bytes that never became a request head
  std::uint64_t logged = 0;     ///< attempts in the truth log
  std::size_t in_flight = 0;    ///< arrived, and the answer's last write not begun
  std::size_t peak_in_flight = 0;
  std::size_t open_connections = 0;
  std::uint64_t distinct_connections = 0;    ///< accepted
  std::map<int, std::uint64_t> by_status{};  ///< completed, by HTTP status
  std::uint64_t seed = 0;
  double time_scale = 1;
  std::uint64_t rate_limited = 0;            ///< attempts refused by a rate limit
  std::uint64_t banned = 0;                  ///< attempts refused by a ban
  std::uint64_t bans = 0;                    ///< that began
  std::uint64_t retry_after_violations = 0;  ///< attempts that came before the time they were told
  std::uint64_t refused_connections = 0;     ///< reset, as there were too many
  std::uint64_t frozen = 0;                  ///< attempts that a freeze kept from being written to

  bool operator==(const TruthSummary&) const = default;
};

/// Appends one line of JSON: the fields above in this order, instants and durations in nanoseconds
/// (CLOCK_MONOTONIC; 0 = never); "tokens" only when there are any.
void append_line(std::string& out, const AttemptTruth& attempt);

/// The lines as attempts. Throws std::runtime_error with the number of the first bad line.
std::vector<AttemptTruth> parse_truth(std::string_view lines);

std::string to_json(const TruthSummary& summary);
/// Throws std::runtime_error when `json` is not a summary.
TruthSummary parse_summary(std::string_view json);

/// The text format that Prometheus scrapes.
std::string to_prometheus(const TruthSummary& summary);

}  // namespace atonce::mock
