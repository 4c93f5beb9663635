#include <cmath>
#include <nlohmann/json.hpp>

#include "bench/gate/record_json.h"

namespace atonce::gate {
namespace {

using nlohmann::ordered_json;

ordered_json finite(double value) {
  return std::isfinite(value) ? ordered_json(value) : ordered_json(nullptr);
}

ordered_json facts_json(const Facts& facts) {
  ordered_json json = ordered_json::array();
  for (const auto& [key, value] : facts) json.push_back({{"name", key}, {"value", value}});
  return json;
}

ordered_json rules_json(const Rules& rules) {
  return {{"alpha", rules.alpha},
          {"beta", rules.beta},
          {"tolerated", rules.tolerated},
          {"regression", rules.regression},
          {"most_errors", rules.most_errors},
          {"most_dropped", rules.most_dropped},
          {"most_steal", rules.most_steal},
          {"most_stalled", rules.most_stalled},
          {"control_every", rules.control_every},
          {"most_pairs", rules.most_pairs},
          {"most_time_ns", rules.most_time.count()}};
}

ordered_json load_json(const Load& load) {
  return {{"rate", load.rate},
          {"capacity", load.capacity},
          {"closed", load.closed},
          {"warm_up_ns", load.warm_up.count()},
          {"measured_ns", load.measured.count()}};
}

ordered_json slice_json(const Slice& slice) {
  ordered_json values = ordered_json::array();
  for (const double value : slice.values) values.push_back(finite(value));
  return {{"values", values},
          {"calls", slice.calls},
          {"errors", slice.errors},
          {"length_ns", slice.length.count()},
          {"steal", slice.around.steal},
          {"pressure", slice.around.pressure},
          {"involuntary_switches", slice.around.involuntary_switches},
          {"stalled_ns", slice.around.stalled.count()},
          {"worst_stall_ns", slice.around.worst_stall.count()},
          {"invalid", slice.around.invalid}};
}

ordered_json pairs_json(const Record& record) {
  ordered_json pairs = ordered_json::array();
  for (const Pair& pair : record.pairs)
    pairs.push_back({{"number", pair.number},
                     {"control", pair.control},
                     {"candidate_first", pair.candidate_first},
                     {"ended_ns", pair.ended.count()},
                     {"dropped", spoilt(pair, record.cells, record.rules).value_or("")},
                     {"baseline", slice_json(pair.of(Side::baseline))},
                     {"candidate", slice_json(pair.of(Side::candidate))}});
  return pairs;
}

ordered_json cells_json(const Record& record) {
  ordered_json cells = ordered_json::array();
  for (const CellInfo& cell : record.cells)
    cells.push_back({{"name", cell.name},
                     {"unit", cell.unit},
                     {"better", cell.more_is_better ? "more" : "less"}});
  return cells;
}

ordered_json errors_json(const Judgement& judgement) {
  ordered_json json;
  for (const Side side : {Side::baseline, Side::candidate}) {
    const ErrorReport& report = judgement.errors[static_cast<std::size_t>(side)];
    json[std::string(name(side))] = {
        {"calls", report.calls}, {"errors", report.errors}, {"wealth", finite(report.wealth)}};
  }
  return json;
}

ordered_json judgement_json(const Judgement& judgement) {
  ordered_json cells = ordered_json::array();
  for (const CellReport& cell : judgement.cells)
    cells.push_back({{"name", cell.info.name},
                     {"state", name(cell.state)},
                     {"baseline", finite(cell.baseline)},
                     {"candidate", finite(cell.candidate)},
                     {"effect", finite(cell.effect)},
                     {"low", finite(cell.low)},
                     {"high", finite(cell.high)},
                     {"noise", finite(cell.noise)},
                     {"detectable", finite(cell.detectable)},
                     {"position", finite(cell.position)},
                     {"sign_flip_p", cell.sign_flip_p},
                     {"worse_wealth", finite(cell.worse_wealth)},
                     {"sound_wealth", finite(cell.sound_wealth)}});
  return {{"answer", name(judgement.answer)},
          {"reason", judgement.reason},
          {"advisory", judgement.advisory},
          {"suggests", name(judgement.suggests)},
          {"worse_wealth", finite(judgement.worse_wealth)},
          {"control_wealth", finite(judgement.control_wealth)},
          {"errors", errors_json(judgement)},
          {"pairs", judgement.used},
          {"controls", judgement.controls},
          {"dropped", judgement.dropped},
          {"pairs_in_budget", judgement.pairs_in_budget},
          {"cells", cells}};
}

}  // namespace

std::string to_json(const Record& record, const Judgement& judgement) {
  const ordered_json json{{"schema", schema},
                          {"design", design_names[static_cast<std::size_t>(record.design)]},
                          {"scenario", record.scenario},
                          {"created", record.created},
                          {"verdict", judgement_json(judgement)},
                          {"baseline", record.baseline},
                          {"candidate", record.candidate},
                          {"seed", record.seed},
                          {"schedule_seed", record.schedule_seed},
                          {"rules", rules_json(record.rules)},
                          {"load", load_json(record.load)},
                          {"cells", cells_json(record)},
                          {"left_out", record.left_out},
                          {"interrupted", record.interrupted},
                          {"failure", record.failure},
                          {"environment", facts_json(record.environment)},
                          {"foreign", facts_json(record.foreign)},
                          {"pairs", pairs_json(record)},
                          {"scenario_text", record.scenario_text}};
  return json.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace atonce::gate
