#pragma once
/// The server's own pages, for whoever runs the experiment.

#include <string_view>

#include "mock_server/site.h"
#include "mock_server/wire.h"

namespace atonce::mock {

/// /_atonce/... and /metrics
bool is_operator_path(std::string_view path);

/// Answers the request that `wire` has received; false when the connection is over.
Task<bool> answer_operator(Site& site, Wire& wire);

}  // namespace atonce::mock
