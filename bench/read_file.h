#pragma once

#include <optional>
#include <string>

namespace atonce {

/// What a regular file holds; nothing when it is not one or cannot be read.
std::optional<std::string> read_file(const std::string& path);

}  // namespace atonce
