#include "reports/histogram_json.h"

#include <array>
#include <utility>

#include "reports/series_json.h"

namespace atonce {
namespace {

constexpr std::array<std::pair<const char*, double>, 4> quantiles{
    {{"p50_ns", 0.5}, {"p90_ns", 0.9}, {"p99_ns", 0.99}, {"p999_ns", 0.999}}};

}  // namespace

nlohmann::ordered_json histogram_to_json(const Histogram& histogram) {
  const auto totals = histogram.totals();
  nlohmann::ordered_json json{{"count", histogram.count()},    {"min_ns", totals.min},
                              {"max_ns", totals.max},          {"sum_ns", totals.sum},
                              {"saturated", totals.saturated}, {"negative", totals.negative}};
  for (const auto& [key, p] : quantiles) json[key] = histogram.quantile(p).count();
  json["buckets"] = buckets_to_json(histogram.buckets());
  return json;
}

Histogram histogram_from_json(const JsonField& field) {
  const Histogram::Totals totals{.min = field.at("min_ns").whole<std::int64_t>(),
                                 .max = field.at("max_ns").whole<std::int64_t>(),
                                 .sum = field.at("sum_ns").whole<std::uint64_t>(),
                                 .saturated = field.at("saturated").whole<std::uint64_t>(),
                                 .negative = field.at("negative").whole<std::uint64_t>()};
  auto histogram = Histogram::restore(buckets_from_json(field.at("buckets")), totals);
  if (histogram.count() != field.at("count").whole<std::uint64_t>())
    field.at("count").reject("the sum of all counts in `buckets`");
  return histogram;
}

}  // namespace atonce
