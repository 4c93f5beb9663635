#pragma once
/// A histogram as it stands in the result file.

#include <nlohmann/json.hpp>

#include "core/histogram.h"
#include "reports/json_field.h"

namespace atonce {

/// Non-empty buckets as one flat list (index - previous index, count, ...), the exact totals, and
/// quantiles for people. The quantiles are not read back.
nlohmann::ordered_json histogram_to_json(const Histogram& histogram);

/// Throws std::runtime_error when the parts contradict each other.
Histogram histogram_from_json(const JsonField& field);

}  // namespace atonce
