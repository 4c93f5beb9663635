#pragma once
/// Other ways to find a limit, in the same simulator.

#include <optional>
#include <span>
#include <string_view>

#include "bench/tune/objective.h"
#include "bench/tune/probe.h"
#include "bench/tune/proposal.h"

namespace atonce::tune::sim {

struct Rival {
  std::string_view name;
  /// The cap it would set; nothing when it finds none.
  std::optional<std::size_t> (*find)(Target& target, const Slo& slo, const Range& range);
};

std::span<const Rival> rivals();

}  // namespace atonce::tune::sim
