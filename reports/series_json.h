#pragma once
/// The stored form of a run over time.

#include <nlohmann/json.hpp>

#include "core/time_series.h"
#include "reports/json_field.h"

namespace atonce {

nlohmann::ordered_json buckets_to_json(const BucketCounts& buckets);
BucketCounts buckets_from_json(const JsonField& field);

nlohmann::ordered_json series_to_json(const TimeSeries& series);
TimeSeries series_from_json(const JsonField& field);

}  // namespace atonce
