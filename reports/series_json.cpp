#include "reports/series_json.h"

#include <utility>

namespace atonce {

using Json = nlohmann::ordered_json;

Json buckets_to_json(const BucketCounts& buckets) {
  auto flat = Json::array();
  std::uint32_t previous = 0;
  for (const auto& [index, count] : buckets) {
    flat.push_back(index - previous);
    flat.push_back(count);
    previous = index;
  }
  return flat;
}

BucketCounts buckets_from_json(const JsonField& field) {
  const auto numbers = field.items();
  if (numbers.size() % 2 != 0) field.reject("pairs of (index step, count)");
  const std::uint32_t last = Histogram::bucket_of(Histogram::highest);
  BucketCounts buckets;
  std::uint64_t index = 0;
  for (std::size_t i = 0; i < numbers.size(); i += 2) {
    const auto step = numbers[i].whole<std::uint32_t>();
    if (step == 0 && i > 0) numbers[i].reject("a step of at least 1");
    index += step;
    if (index > last) field.reject("indices of buckets that exist");
    const auto count = numbers[i + 1].whole<std::uint64_t>();
    if (count == 0) numbers[i + 1].reject("a count of at least 1");
    buckets.emplace_back(static_cast<std::uint32_t>(index), count);
  }
  return buckets;
}

Json series_to_json(const TimeSeries& series) {
  auto slices = Json::array();
  for (const TimeSlice& slice : series.slices) {
    slices.push_back({{"offered", slice.offered},
                      {"ok", slice.ok},
                      {"failed", slice.failed},
                      {"peak_in_flight", slice.peak_in_flight},
                      {"cpu_ns", slice.cpu.count()},
                      {"response_time", buckets_to_json(slice.response_time)},
                      {"failure_time", buckets_to_json(slice.failure_time)},
                      {"send_lag", buckets_to_json(slice.send_lag)}});
    if (slice.limit > 0) slices.back()["limit"] = slice.limit;
  }
  return {{"width_ns", series.width.count()}, {"slices", std::move(slices)}};
}

TimeSeries series_from_json(const JsonField& field) {
  TimeSeries series{.width = Nanos{field.at("width_ns").whole<std::int64_t>()}};
  for (const auto& item : field.at("slices").items()) {
    const auto limit = item.find("limit");
    series.slices.push_back({.offered = item.at("offered").whole<std::uint64_t>(),
                             .ok = item.at("ok").whole<std::uint64_t>(),
                             .failed = item.at("failed").whole<std::uint64_t>(),
                             .peak_in_flight = item.at("peak_in_flight").whole<std::size_t>(),
                             .limit = limit ? limit->whole<std::size_t>() : 0,
                             .cpu = Nanos{item.at("cpu_ns").whole<std::int64_t>()},
                             .response_time = buckets_from_json(item.at("response_time")),
                             .failure_time = buckets_from_json(item.at("failure_time")),
                             .send_lag = buckets_from_json(item.at("send_lag"))});
  }
  return series;
}

}  // namespace atonce
