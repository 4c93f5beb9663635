#pragma once
/// Stamps in, durations out: the only place where one stamp is subtracted from another.
/// Definitions: docs/measurement.md.

#include <optional>
#include <string_view>

#include "core/sample.h"

namespace atonce {

enum class Metric : unsigned char {
  response_time,    ///< of a call: done - ready (ready = due in the first stage), all attempts
  session_time,     ///< of a session: done - due
  service_time,     ///< of an attempt: done - sent
  ttfb,             ///< of an attempt: first_byte - sent
  first_event,      ///< of a stream: first event with a choice, even if empty - sent
  ttft,             ///< of a stream: first event with content - sent
  ttft_from_due,    ///< of a call: first event with content - ready
  tpot,             ///< of a stream: (last token - first token) / (tokens - 1), from two tokens on
  chunk_gap,        ///< of a stream: between one event with content and the next
  cap_wait,         ///< of an attempt: unblocked - ready
  connection_wait,  ///< of an attempt: connected - admitted
  send_lag,         ///< of an attempt: sent - unblocked, less the connection wait
  client_overhead,  ///< of an attempt: service time - the server's actual hold time
  server_lateness,  ///< of an attempt: the server's actual hold time - the planned one
  token_delivery,   ///< of a token: its arrival - the server's write of it
  processing,       ///< of an attempt: processed - done
  loop_lag,         ///< of an event loop: when a heartbeat ran - when it was due
  abort_delay,      ///< of a cancelled attempt: the server saw it go - its sibling failed
  session_sum,      ///< of a session: its calls' planned delays one after the other
  session_longest,  ///< of a session: the longest planned delay of a call
  session_critical_path,  ///< of a session: planned delays along its stages
};

inline constexpr std::size_t metric_count = 21;

constexpr std::size_t index(Metric metric) {
  return static_cast<std::size_t>(metric);
}
/// The name used in every file, for example "response_time".
std::string_view name(Metric metric);
std::optional<Metric> metric_from_name(std::string_view name);

/// When the server held an attempt, by its own account.
struct ServerHold {
  Nanos planned{};  ///< drawn from the law, queueing excluded
  Instant arrived;
  Instant last_write;
};

/// Nothing when one of the stamps was not reached.
std::optional<Nanos> response_time(const CallRecord& call);
std::optional<Nanos> session_time(const SessionRecord& session);
/// How long after its session was due something of a call happened.
Nanos since_due(const CallRecord& call, Instant at);
std::optional<Nanos> service_time(const Stamps& at);
std::optional<Nanos> service_time(const LastAttempt& at);
std::optional<Nanos> ttfb(const Stamps& at);
std::optional<Nanos> cap_wait(const Stamps& at);
std::optional<Nanos> connection_wait(const Stamps& at);
std::optional<Nanos> send_lag(const Stamps& at);
std::optional<Nanos> client_overhead(const Stamps& at, const ServerHold& hold);
Nanos server_lateness(const ServerHold& hold);
std::optional<Nanos> first_event(const Stamps& at);
std::optional<Nanos> ttft(const Sample& sample);
std::optional<Nanos> ttft_from_due(const CallRecord& call);
std::optional<Nanos> tpot(const Sample& sample);
Nanos chunk_gap(Instant token, Instant next_token);
Nanos token_delivery(Instant arrival, Instant server_write);
std::optional<Nanos> processing(const Stamps& at);
/// How long an attempt kept its slot under the cap: end - admitted.
std::optional<Nanos> occupancy(const Stamps& at);
Nanos loop_lag(const Heartbeat& beat);
std::optional<Nanos> abort_delay(Instant sibling_failed, Instant server_saw_close);

}  // namespace atonce
