#pragma once
/// The words that files and reports use for the closed sets of core/result.h.

#include <optional>
#include <string_view>

#include "core/result.h"

namespace atonce {

/// "batch", "closed", "constant" or "poisson".
std::string_view shape_name(LoadShape shape);
std::optional<LoadShape> shape_from_name(std::string_view name);

/// "finished", "interrupted" or "crashed".
std::string_view status_name(TrialStatus status);
std::optional<TrialStatus> status_from_name(std::string_view name);

/// The inverse of name(VerdictLevel).
std::optional<VerdictLevel> level_from_name(std::string_view name);

}  // namespace atonce
