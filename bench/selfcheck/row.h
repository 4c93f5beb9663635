#pragma once
/// What came of one row.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bench/selfcheck/spec.h"

namespace atonce::selfcheck {

/// What is wrong with a measurement.
enum class Cause : unsigned char {
  trial,         ///< it could not be played to its end
  conservation,  ///< calls or attempts are missing, doubled, or made up
  schedule,      ///< the client's due times are not those of the schedule
  response,      ///< response time does not count from the intended time
  clock,         ///< the clocks of client and server differ
  causality,     ///< the client's stamps do not enclose the server's
  order,         ///< the client's stamps contradict each other
  completion,    ///< a stamp is later than the instant at which the attempt was known to be over
  server,        ///< the server's account contradicts itself or the law's draws
  law,           ///< quantiles that the law does not give
  reported,      ///< what is reported is not what the samples say
};
std::string_view name(Cause cause);
std::optional<Cause> cause_from_name(std::string_view name);

struct Reason {
  Cause cause;
  std::string text;  ///< a sentence without a full stop
  bool operator==(const Reason&) const = default;
};

inline constexpr std::array quantiles{0.5, 0.9, 0.99, 0.999};

/// One quantile of the service time (done - sent), as reported, and of what it should be.
struct QuantileCheck {
  double p = 0;
  Nanos client{};   ///< reported
  Nanos truth{};    ///< of the server's hold (last write - arrival) in the same attempts
  Nanos planned{};  ///< of the delays that the server had drawn for them
  Nanos law{};      ///< of the law
  Nanos band_low{}, band_high{};  ///< in which `planned` of a right sample lies
  Nanos response{};               ///< reported, of the response time
  Nanos response_truth{};         ///< of last write - due
  bool operator==(const QuantileCheck&) const = default;
};

/// Two quantiles of a duration.
struct Spread {
  Nanos p50{}, p99{};
  bool operator==(const Spread&) const = default;
};

struct Row {
  std::string runner, transport, law, load;
  std::uint64_t calls = 0;             ///< scheduled
  std::vector<QuantileCheck> service;  ///< of those quantiles for which there are calls enough
  Spread send_lag;
  Spread overhead;  ///< service time - the server's hold, attempt by attempt
  /// By how much a service time could be wrong unnoticed: what lies between the witnesses of its
  /// stamps outside (hand-out, completion) and inside (arrival, first write).
  Spread room;
  Nanos clock_low{}, clock_high{};  ///< the client's clock is that much ahead of the server's
  std::vector<Reason> reasons;

  bool passed() const { return reasons.empty(); }
  bool operator==(const Row&) const = default;
};

/// A row without figures, for `spec`.
Row row_for(const Spec& spec);

std::string to_json(const Row& row);
/// Throws std::exception on text that to_json() did not write.
Row row_from_json(const std::string& text);

}  // namespace atonce::selfcheck
