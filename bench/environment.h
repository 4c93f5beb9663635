#pragma once
/// What a result was measured with, for the result file.

#include <string>
#include <utility>
#include <vector>

namespace atonce {

/// Machine, kernel, compiler, build type and libraries as (name, value) in display order.
std::vector<std::pair<std::string, std::string>> describe_environment();

/// RFC 3339: "2026-11-25T05:00:00Z".
std::string utc_now();

}  // namespace atonce
