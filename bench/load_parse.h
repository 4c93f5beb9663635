#pragma once
/// The `load` of a scenario file.

#include "bench/scenario.h"
#include "core/config.h"

namespace atonce {

/// Reads `load`, and the trace that it names, into the scenario. Throws ConfigError.
void parse_load(const ConfigNode& node, Scenario& scenario);

/// Of `load`: the trace in its file or its text, with its times scaled. Throws ConfigError.
Trace parse_trace_node(const ConfigNode& node);

}  // namespace atonce
