#pragma once
/// The pictures of a gate.

#include <vector>

#include "bench/gate/judgement.h"
#include "reports/chart.h"

namespace atonce::gate {

/// Intervals of all cells, the evidence pair by pair, and the pairs of each cell.
std::vector<Chart> gate_charts(const Record& record, const Judgement& judgement);

}  // namespace atonce::gate
