#pragma once
/// What `atonce run` left behind, read again.

#include <filesystem>

#include "core/result.h"

namespace atonce {

/// From the folder, or from its result.json. Throws std::runtime_error with one sentence.
ResultSet stored_result(const std::filesystem::path& place);

}  // namespace atonce
