#pragma once
/// What is settled before the first pair: the load, and the cells.

#include <stop_token>

#include "bench/gate/job.h"
#include "bench/gate/player.h"

namespace atonce::gate {

/// The slice of that kind under a record's load.
SliceLoad slice_load(const Load& load, bool closed);

/// Both kinds of slice of one pair, as far as there are, put together.
Slice merged(const Record& record, const PlayedSlice* open, const PlayedSlice* closed);

/// Fills in the load and the cells of `record`. Plays a few slices of both arms, which also warms
/// what is cold. Throws SliceFailed, or std::invalid_argument when no cell is left.
void prepare(const JobRequest& request, Record& record, std::stop_token stop, JobWatcher& watcher);

}  // namespace atonce::gate
