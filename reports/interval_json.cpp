#include "reports/interval_json.h"

#include <cmath>
#include <initializer_list>
#include <string>

#include "core/percentile.h"
#include "reports/confidence.h"
#include "reports/figure_cell.h"

namespace atonce {
namespace {

using Json = nlohmann::ordered_json;

Json interval_to_json(const Interval& interval) {
  return {{"low", interval.low},
          {"high", interval.high},
          {"method", name(interval.method)},
          {"of", interval.of}};
}

Json percentile_to_json(const TrialIntervals& intervals, Metric metric, double p) {
  const auto samples = intervals.trial().metric(metric).ok.count();
  Json json{{"samples", samples}, {"samples_needed", samples_needed(p)}};
  if (samples < samples_needed(p)) return json;
  if (const auto interval = intervals.percentile(metric, p))
    json.update(Json{{"low_ns", std::llround(interval->low)},
                     {"high_ns", std::llround(interval->high)},
                     {"method", name(interval->method)},
                     {"of", interval->of}});
  return json;
}

}  // namespace

Json intervals_to_json(const TrialResult& trial) {
  const TrialIntervals intervals(trial);
  auto json = Json::object();
  if (const auto rate = intervals.throughput()) json["throughput_per_s"] = interval_to_json(*rate);
  for (std::size_t i = 0; i < metric_count; ++i) {
    const auto metric = static_cast<Metric>(i);
    if (trial.metric(metric).ok.empty()) continue;
    auto& percentiles = json[std::string(name(metric))];
    for (const double p : {0.5, 0.9, 0.99, 0.999})
      percentiles[percentile_name(p)] = percentile_to_json(intervals, metric, p);
  }
  return json;
}

}  // namespace atonce
