#include "reports/lanes_json.h"

namespace atonce {
namespace {

using Json = nlohmann::ordered_json;

Json to_json(const std::vector<CallLane>& lanes) {
  auto json = Json::array();
  for (const CallLane& lane : lanes)
    json.push_back({{"call", lane.call},
                    {"stage", lane.stage},
                    {"attempts", lane.attempts},
                    {"outcome", name(lane.outcome)},
                    {"ready_ns", lane.ready.count()},
                    {"sent_ns", lane.sent ? Json(lane.sent->count()) : Json(nullptr)},
                    {"done_ns", lane.done.count()}});
  return json;
}

Nanos nanos(const JsonField& field) {
  return Nanos{field.whole<std::int64_t>()};
}

std::vector<CallLane> from_json(const JsonField& field) {
  std::vector<CallLane> lanes;
  for (const auto& item : field.items()) {
    CallLane& lane = lanes.emplace_back();
    lane.call = item.at("call").whole<std::uint16_t>();
    lane.stage = item.at("stage").whole<std::uint16_t>();
    lane.attempts = item.at("attempts").whole<std::uint16_t>();
    const auto outcome = item.at("outcome");
    const auto known = outcome_from_name(outcome.text());
    if (!known) outcome.reject("the name of an outcome");
    lane.outcome = *known;
    lane.ready = nanos(item.at("ready_ns"));
    lane.done = nanos(item.at("done_ns"));
    if (const auto sent = item.at("sent_ns"); !sent.is_null()) lane.sent = nanos(sent);
  }
  return lanes;
}

}  // namespace

Json lanes_to_json(const SessionLanes& lanes) {
  return {{"session", lanes.session},
          {"example", to_json(lanes.example)},
          {"median", to_json(lanes.median)}};
}

SessionLanes lanes_from_json(const JsonField& field) {
  return {.session = field.at("session").whole<std::uint32_t>(),
          .example = from_json(field.at("example")),
          .median = from_json(field.at("median"))};
}

}  // namespace atonce
