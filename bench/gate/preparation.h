#pragma once
/// What is settled before the first pair: the load, and the cells.

#include <stop_token>
#include <string>

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

/// Leaves out of the cells of `record`, which are those of a stored one, what is not asked for and
/// what a first slice of the candidate does not tell. Throws like prepare().
void prepare_against(const JobRequest& request, Record& record, std::stop_token stop,
                     JobWatcher& watcher);

/// A sentence, and why everything was left out.
std::string nothing_to_compare(const Record& record);

}  // namespace atonce::gate
