#pragma once
/// How an attempt, or a call, ended.

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace atonce {

enum class Outcome : unsigned char {
  ok,               ///< complete response with a 2xx or 3xx status
  http_status,      ///< complete response with another status, except 429
  rate_limited,     ///< complete response with status 429
  connect_refused,  ///< the target answered the connection with a refusal or is unreachable
  connect_timeout,  ///< not connected when the attempt's time-out struck
  dns,              ///< the target's name could not be resolved
  tls,              ///< the TLS handshake failed
  reset,            ///< the connection was reset (RST) before the response was complete
  closed_early,     ///< closed in good order before the response head was complete
  truncated,        ///< closed in good order inside the body, or a stream without its end
  malformed,        ///< bytes that are not an HTTP response, or not the stream they claim to be
  stream_error,     ///< the API reported an error inside the stream
  read_timeout,     ///< connected, but not complete when the attempt's time-out struck
  worker_lost,      ///< the process of the runner's that carried it died
  deadline,         ///< the whole call's deadline struck
  cancelled,        ///< a sibling failed under `fail_fast`
  shed,             ///< given up before it was sent, because the queue was too long
  unfinished,       ///< the run was stopped first
};

inline constexpr std::size_t outcome_count = 18;

/// One number per outcome.
template <class T>
using PerOutcome = std::array<T, outcome_count>;

constexpr std::size_t index(Outcome outcome) {
  return static_cast<std::size_t>(outcome);
}

/// The name used in every file and report, for example "connect_refused".
std::string_view name(Outcome outcome);
std::optional<Outcome> outcome_from_name(std::string_view name);

/// The outcome of a complete response with this HTTP status.
constexpr Outcome outcome_of_status(unsigned status) {
  if (status == 429) return Outcome::rate_limited;
  return status >= 200 && status < 400 ? Outcome::ok : Outcome::http_status;
}

}  // namespace atonce
