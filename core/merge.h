#pragma once
/// Results of clients that played the same scenario side by side, as those of one client.

#include "core/result.h"

namespace atonce {

/// Counts, histograms and slices of the trials with the same key are added; nothing is estimated
/// again. Times that pass for all clients at once (makespan, wall) are the longest. What cannot be
/// had from the parts is left out: the ideal, example sessions, calls in flight and adaptive limits
/// over time, the course of response times; so is the seed where it differs (0). Peaks of a trial
/// are added, which makes them upper bounds; of a slice, the higher one counts. The order of the
/// arguments does not matter, but for the texts that describe the first. Throws
/// std::invalid_argument, which says why, when they are not parts of one whole.
ResultSet merge(const ResultSet& one, const ResultSet& other);

}  // namespace atonce
