#include "reports/histogram_json.h"

#include <array>
#include <stdexcept>
#include <utility>
#include <vector>

namespace atonce {
namespace {

constexpr std::array<std::pair<const char*, double>, 4> quantiles{
    {{"p50_ns", 0.5}, {"p90_ns", 0.9}, {"p99_ns", 0.99}, {"p999_ns", 0.999}}};

using Buckets = std::vector<std::pair<std::uint32_t, std::uint64_t>>;

Buckets buckets_from_json(const JsonField& field) {
  const auto numbers = field.items();
  if (numbers.size() % 2 != 0) field.reject("pairs of (index step, count)");
  Buckets buckets;
  std::uint64_t index = 0;
  for (std::size_t i = 0; i < numbers.size(); i += 2) {
    const auto step = numbers[i].whole<std::uint32_t>();
    if (step == 0 && i > 0) numbers[i].reject("a step of at least 1");
    index += step;
    if (!std::in_range<std::uint32_t>(index)) numbers[i].reject("an index that fits 32 bits");
    const auto count = numbers[i + 1].whole<std::uint64_t>();
    if (count == 0) numbers[i + 1].reject("a count of at least 1");
    buckets.emplace_back(static_cast<std::uint32_t>(index), count);
  }
  return buckets;
}

}  // namespace

nlohmann::ordered_json histogram_to_json(const Histogram& histogram) {
  const auto totals = histogram.totals();
  nlohmann::ordered_json json{{"count", histogram.count()},    {"min_ns", totals.min},
                              {"max_ns", totals.max},          {"sum_ns", totals.sum},
                              {"saturated", totals.saturated}, {"negative", totals.negative}};
  for (const auto& [key, p] : quantiles) json[key] = histogram.quantile(p).count();
  auto flat = nlohmann::ordered_json::array();
  std::uint32_t previous = 0;
  for (const auto& [index, count] : histogram.buckets()) {
    flat.push_back(index - previous);
    flat.push_back(count);
    previous = index;
  }
  json["buckets"] = std::move(flat);
  return json;
}

Histogram histogram_from_json(const JsonField& field) {
  const Histogram::Totals totals{.min = field.at("min_ns").whole<std::int64_t>(),
                                 .max = field.at("max_ns").whole<std::int64_t>(),
                                 .sum = field.at("sum_ns").whole<std::uint64_t>(),
                                 .saturated = field.at("saturated").whole<std::uint64_t>(),
                                 .negative = field.at("negative").whole<std::uint64_t>()};
  const auto list = field.at("buckets");
  const auto buckets = buckets_from_json(list);
  try {
    auto histogram = Histogram::restore(buckets, totals);
    if (histogram.count() != field.at("count").whole<std::uint64_t>())
      field.at("count").reject("the sum of all counts in `buckets`");
    return histogram;
  } catch (const std::invalid_argument&) {
    list.reject("indices of buckets that exist");
  }
}

}  // namespace atonce
