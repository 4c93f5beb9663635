#pragma once
/// What a recorder's series does not know: when sessions were due, and the CPU time.

#include <span>

#include "bench/cpu_sampler.h"
#include "core/schedule.h"
#include "core/time_series.h"

namespace atonce {

/// As many slices as a report shows: slices become wider until they are 256 at most, or a second
/// long.
TimeSeries presentable(TimeSeries series);

/// Counts each call in the slice in which its session is due. Sessions due later than the last
/// slice, those of a run that was stopped, are left out.
void add_offered(TimeSeries& series, const Schedule& schedule);

/// Spreads the CPU time between two points evenly over the time between them.
void add_cpu(TimeSeries& series, std::span<const CpuPoint> points);

}  // namespace atonce
