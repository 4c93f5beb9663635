#pragma once
/// What this program was built from.

#include <string>
#include <utility>
#include <vector>

namespace atonce {

/// Version, build type, compiler and libraries as (name, value), as CMake found them.
std::vector<std::pair<std::string, std::string>> build_info();

}  // namespace atonce
