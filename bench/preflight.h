#pragma once
/// Looked at before an experiment's first trial: would machine or target be in its way?

#include <string>
#include <vector>

#include "bench/checkup.h"
#include "bench/experiment.h"

namespace atonce {

/// The most that one of the trials asks of the machine and the target: connections at once, and
/// how many calls a second on average. None in flight when nothing is sent at all.
IntendedLoad intended_load(const ExperimentRequest& request, const std::vector<TrialKey>& trials);

/// Looks at local ports, and opens as many connections to `url` as the trials will, for two seconds
/// at most. What makes the trials impossible is a failure; what speaks against their figures is a
/// warning.
std::vector<Finding> preflight(const IntendedLoad& load, const std::string& url);

}  // namespace atonce
