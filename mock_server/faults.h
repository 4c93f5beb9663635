#pragma once
/// What goes wrong with an attempt on purpose, before anything happens.

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/attempt_id.h"
#include "core/config.h"

namespace atonce::mock {

enum class FaultKind : unsigned char {
  none,
  reset,   ///< the connection ends with RST
  close,   ///< the connection ends in good order
  stall,   ///< no answer ever; the connection stays
  status,  ///< an answer with another status
  banned,  ///< the connection ends with RST, as the key is banned: never drawn
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
};

/// A list of faults whose shares add up to 100 % at most. Throws ConfigError.
std::vector<Fault> parse_faults(const ConfigNode& node);

/// The fault that is to strike the attempt, or null. A function of (seed, id) alone: the unit
/// interval is cut into the shares in their order, and one number is drawn.
const Fault* draw_fault(std::span<const Fault> faults, std::uint64_t seed, AttemptId id);

}  // namespace atonce::mock
