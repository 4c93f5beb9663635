#pragma once
/// The lanes of a session as they stand in the result file.

#include <nlohmann/json.hpp>

#include "core/result.h"
#include "reports/json_field.h"

namespace atonce {

nlohmann::ordered_json lanes_to_json(const SessionLanes& lanes);
/// Throws std::runtime_error on a wrong value.
SessionLanes lanes_from_json(const JsonField& field);

}  // namespace atonce
