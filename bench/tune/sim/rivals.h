#pragma once
/// Other ways to find a limit, in the same simulator.

#include <optional>
#include <span>
#include <string_view>
#include <vector>

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

struct Weighted {
  double value = 0, weight = 0;
};
/// The rising values that are nearest to these, by weighted squares: pool adjacent violators.
std::vector<double> isotonic_fit(std::span<const Weighted> points);

}  // namespace atonce::tune::sim
