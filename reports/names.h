#pragma once
/// The words that files and reports use for the closed sets of core/result.h.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"

namespace atonce {

/// "batch", "closed", "constant", "poisson", "gamma", "jitter" or "trace".
std::string_view shape_name(LoadShape shape);
std::optional<LoadShape> shape_from_name(std::string_view name);

/// "finished", "interrupted" or "crashed".
std::string_view status_name(TrialStatus status);
std::optional<TrialStatus> status_from_name(std::string_view name);

/// The inverse of name(VerdictLevel).
std::optional<VerdictLevel> level_from_name(std::string_view name);

/// "1 call", "2 calls".
std::string counted(std::uint64_t number, std::string_view noun);

/// The HTTP library that a contender speaks through, by the name it has in tables: "beast", "curl",
/// "cpp-httplib", or whatever its transport is called. Empty for a runner that has but one and is
/// not known here.
std::string_view http_library(std::string_view runner, std::string_view transport);

}  // namespace atonce
