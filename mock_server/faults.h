#pragma once
/// What goes wrong with an attempt on purpose, before anything happens.

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/attempt_id.h"
#include "core/config.h"
#include "mock_server/canned_response.h"
#include "mock_server/retry_after.h"

namespace atonce::mock {

enum class FaultKind : unsigned char {
  none,
  reset,   ///< the connection ends with RST
  close,   ///< the connection ends in good order
  stall,   ///< no answer ever; the connection stays
  status,  ///< an answer with another status
  banned,  ///< the connection ends with RST, as the key is banned: never drawn
  // These need a streamed answer.
  end_early,        ///< the HTTP body ends in good order, without the API's end marker
  truncated_json,   ///< one token's event ends too early; the stream goes on
  malformed_chunk,  ///< bytes that are no HTTP chunk, and a close
  drip,             ///< from there on byte by byte
  error_event,      ///< the API's error event ends the stream
};
/// As in the configuration and the truth log; "" for none.
std::string_view name(FaultKind kind);
std::optional<FaultKind> fault_kind(std::string_view name);

struct Fault {
  FaultKind kind = FaultKind::reset;
  double share = 0;      ///< of the route's attempts, in [0, 1]
  bool at_once = false;  ///< on arrival; otherwise when the response would have begun
  std::uint16_t status = 0;
  std::optional<Nanos> retry_after{};  ///< what a `status` tells the client to wait
  RetryAfterForm retry_after_form = RetryAfterForm::both;
  CannedResponse::Headers headers{};  ///< of a `status`
  /// Strikes no attempt but a call's first so many.
  std::optional<std::uint64_t> first{};
  /// Within a streamed answer, after this share of its tokens; otherwise instead of the answer.
  std::optional<double> after{};
  Nanos pause{};  ///< from byte to byte of a drip
};

/// Whether it takes a streamed answer to see it.
bool needs_stream(FaultKind kind);

/// A fault within one streamed answer.
struct StreamFault {
  FaultKind kind = FaultKind::none;
  std::size_t at = 0;  ///< strikes in place of that token; beyond the last: in place of the end
  Nanos pause{};
};
/// Of an answer of so many tokens; `fault.after` must be set.
StreamFault within_stream(const Fault& fault, std::size_t tokens, double time_scale);

/// Whether the route's answers can be streams.
enum class RouteKind : unsigned char { plain, llm };

/// A list of faults whose shares add up to 100 % at most. Throws ConfigError.
std::vector<Fault> parse_faults(const ConfigNode& node, RouteKind kind = RouteKind::plain);

/// The fault that is to strike the attempt, or null. A function of (seed, id) alone: the unit
/// interval is cut into the shares in their order, and one number is drawn.
const Fault* draw_fault(std::span<const Fault> faults, std::uint64_t seed, AttemptId id);

}  // namespace atonce::mock
