#pragma once
/// From a trial's slices of time to a probe's blocks.

#include <vector>

#include "bench/tune/objective.h"
#include "bench/tune/probe.h"
#include "core/time_series.h"

namespace atonce::tune {

/// Fills blocks, response times and stalls of `probe`, whose order is set; sets `too_short` when
/// no call counts.
///
/// A call counts when it ends, or when it has become late under every latency objective, if that
/// is earlier (without any, when it has lasted for a block). So a call that hangs counts in time,
/// even if it does not end while somebody looks, and one that was late before the first block
/// counts in none.
void fill_blocks(Probe& probe, const TimeSeries& series, const std::vector<Slo>& slos);

}  // namespace atonce::tune
