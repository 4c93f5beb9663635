/// The candidate's figures for tools that keep histories, and both arms' for compare.py.

#include <cmath>
#include <nlohmann/json.hpp>

#include "bench/gate/documents.h"

namespace atonce::gate {
namespace {

using nlohmann::ordered_json;

std::string dumped(const ordered_json& json) {
  return json.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

/// Both tools take smaller for better, so that a rate is told as the time from one to the next.
double as_cost(const CellInfo& cell, double value) {
  return cell.more_is_better ? 1e9 / value : value;
}

std::string cost_name(const CellInfo& cell) {
  return cell.more_is_better ? cell.name + "_interval" : cell.name;
}

}  // namespace

std::string bmf_json(const Record& record, const Judgement& judgement) {
  ordered_json measures = ordered_json::object();
  for (const CellReport& cell : judgement.cells) {
    if (!std::isfinite(cell.candidate)) continue;
    ordered_json measure{{"value", cell.candidate}};
    // The interval of the ratio, as values around the baseline.
    if (std::isfinite(cell.low) && std::isfinite(cell.high)) {
      const bool more = cell.info.more_is_better;
      measure["lower_value"] = cell.baseline * (more ? 1 / (1 + cell.high) : 1 + cell.low);
      measure["upper_value"] = cell.baseline * (more ? 1 / (1 + cell.low) : 1 + cell.high);
    }
    measures[cell.info.name] = measure;
  }
  return dumped({{record.scenario, measures}});
}

std::string github_benchmark_json(const Record& record, const Judgement& judgement) {
  ordered_json list = ordered_json::array();
  for (const CellReport& cell : judgement.cells)
    if (std::isfinite(cell.candidate))
      list.push_back({{"name", record.scenario + "/" + cost_name(cell.info)},
                      {"unit", "ns"},
                      {"value", as_cost(cell.info, cell.candidate)}});
  return dumped(list);
}

std::string google_benchmark_json(const Record& record, Side side) {
  ordered_json context{{"date", record.created}, {"executable", "atonce gate"}};
  for (const auto& [key, value] : record.environment) context[key] = value;
  ordered_json benchmarks = ordered_json::array();
  for (std::size_t i = 0; i < record.cells.size(); ++i) {
    const std::string name = record.scenario + "/" + cost_name(record.cells[i]);
    std::size_t repetition = 0;
    for (const Pair& pair : record.pairs) {
      if (pair.control || spoilt(pair, record.cells, record.rules)) continue;
      const double cost = as_cost(record.cells[i], pair.of(side).values[i]);
      benchmarks.push_back({{"name", name},
                            {"run_name", name},
                            {"run_type", "iteration"},
                            {"repetition_index", repetition++},
                            {"threads", 1},
                            {"iterations", 1},
                            {"real_time", cost},
                            {"cpu_time", cost},
                            {"time_unit", "ns"}});
    }
  }
  return dumped({{"context", context}, {"benchmarks", benchmarks}});
}

}  // namespace atonce::gate
