#include "bench/selfcheck/row.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace atonce::selfcheck {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::string_view, 11> cause_names{
    "trial", "conservation", "schedule", "response", "clock",   "causality",
    "order", "completion",   "server",   "law",      "reported"};

Nanos nanos(const Json& json, const char* key) {
  return Nanos{json.at(key).get<std::int64_t>()};
}

Json json_of(const Spread& spread) {
  return {{"p50_ns", spread.p50.count()}, {"p99_ns", spread.p99.count()}};
}

Spread spread_of(const Json& json) {
  return {.p50 = nanos(json, "p50_ns"), .p99 = nanos(json, "p99_ns")};
}

Json json_of(const QuantileCheck& check) {
  return {{"p", check.p},
          {"client_ns", check.client.count()},
          {"truth_ns", check.truth.count()},
          {"planned_ns", check.planned.count()},
          {"law_ns", check.law.count()},
          {"band_low_ns", check.band_low.count()},
          {"band_high_ns", check.band_high.count()},
          {"response_ns", check.response.count()},
          {"response_truth_ns", check.response_truth.count()}};
}

QuantileCheck quantile_of(const Json& json) {
  return {.p = json.at("p"),
          .client = nanos(json, "client_ns"),
          .truth = nanos(json, "truth_ns"),
          .planned = nanos(json, "planned_ns"),
          .law = nanos(json, "law_ns"),
          .band_low = nanos(json, "band_low_ns"),
          .band_high = nanos(json, "band_high_ns"),
          .response = nanos(json, "response_ns"),
          .response_truth = nanos(json, "response_truth_ns")};
}

Json json_of(const std::vector<Reason>& reasons) {
  Json list = Json::array();
  for (const Reason& reason : reasons)
    list.push_back({{"cause", name(reason.cause)}, {"text", reason.text}});
  return list;
}

Reason reason_of(const Json& json) {
  const auto cause = cause_from_name(json.at("cause").get<std::string>());
  if (!cause) throw std::runtime_error("an unknown cause");
  return {.cause = *cause, .text = json.at("text")};
}

}  // namespace

std::string_view name(Cause cause) {
  return cause_names[static_cast<std::size_t>(cause)];
}

std::optional<Cause> cause_from_name(std::string_view name) {
  const auto found = std::ranges::find(cause_names, name);
  if (found == cause_names.end()) return {};
  return static_cast<Cause>(found - cause_names.begin());
}

Row row_for(const Spec& spec) {
  Row row;
  row.runner = spec.key.runner;
  row.transport = spec.key.transport;
  row.law = spec.law;
  row.load = spec.load;
  row.calls = spec.calls;
  return row;
}

std::string to_json(const Row& row) {
  Json service = Json::array();
  for (const QuantileCheck& check : row.service) service.push_back(json_of(check));
  return Json{{"runner", row.runner},
              {"transport", row.transport},
              {"law", row.law},
              {"load", row.load},
              {"calls", row.calls},
              {"passed", row.passed()},
              {"reasons", json_of(row.reasons)},
              {"service_time", service},
              {"send_lag", json_of(row.send_lag)},
              {"client_overhead", json_of(row.overhead)},
              {"room_for_error", json_of(row.room)},
              {"clock_low_ns", row.clock_low.count()},
              {"clock_high_ns", row.clock_high.count()}}
      .dump();
}

Row row_from_json(const std::string& text) {
  const Json json = Json::parse(text);
  Row row;
  row.runner = json.at("runner");
  row.transport = json.at("transport");
  row.law = json.at("law");
  row.load = json.at("load");
  row.calls = json.at("calls");
  for (const Json& reason : json.at("reasons")) row.reasons.push_back(reason_of(reason));
  for (const Json& check : json.at("service_time")) row.service.push_back(quantile_of(check));
  row.send_lag = spread_of(json.at("send_lag"));
  row.overhead = spread_of(json.at("client_overhead"));
  row.room = spread_of(json.at("room_for_error"));
  row.clock_low = nanos(json, "clock_low_ns");
  row.clock_high = nanos(json, "clock_high_ns");
  return row;
}

}  // namespace atonce::selfcheck
