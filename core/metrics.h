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
  cap_wait,         ///< of an attempt: unblocked - ready
  connection_wait,  ///< of an attempt: connected - admitted
  send_lag,         ///< of an attempt: sent - unblocked, less the connection wait
  client_overhead,  ///< of an attempt: service time - the server's actual hold time
  server_lateness,  ///< of an attempt: the server's actual hold time - the planned one
};

inline constexpr std::size_t metric_count = 9;

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
std::optional<Nanos> service_time(const Stamps& at);
std::optional<Nanos> ttfb(const Stamps& at);
std::optional<Nanos> cap_wait(const Stamps& at);
std::optional<Nanos> connection_wait(const Stamps& at);
std::optional<Nanos> send_lag(const Stamps& at);
std::optional<Nanos> client_overhead(const Stamps& at, const ServerHold& hold);
Nanos server_lateness(const ServerHold& hold);

}  // namespace atonce
