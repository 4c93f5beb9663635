#pragma once
/// The conservation equation.

#include <cstdint>
#include <numeric>

#include "core/outcome.h"

namespace atonce {

/// Calls by their final state. scheduled == sum of all outcomes once the run is over.
struct Ledger {
  std::uint64_t scheduled = 0;
  PerOutcome<std::uint64_t> calls{};

  std::uint64_t accounted() const {
    return std::accumulate(calls.begin(), calls.end(), std::uint64_t{0});
  }
  bool conserved() const { return scheduled == accounted(); }
};

}  // namespace atonce
