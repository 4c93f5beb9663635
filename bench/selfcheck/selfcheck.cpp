#include "bench/selfcheck/selfcheck.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "bench/child_answer.h"
#include "bench/machine.h"
#include "bench/placement.h"
#include "bench/selfcheck/judge.h"
#include "bench/selfcheck/observe.h"
#include "bench/server_process.h"

namespace atonce::selfcheck {
namespace {

constexpr Nanos row_limit = std::chrono::minutes(5);

Row play_in_child(const Spec& spec, std::stop_token stop) {
  const ChildAnswer answer = ask_child(same_program, {"selfcheck-row"}, to_json(spec),
                                       std::move(stop), row_limit, [](const std::string&) {});
  if (!answer.error) return row_from_json(answer.text);
  Row row = row_for(spec);
  row.reasons.push_back({.cause = Cause::trial, .text = *answer.error});
  return row;
}

}  // namespace

std::vector<Row> play_all(std::vector<Spec> specs, std::stop_token stop, const Watcher& watcher) {
  const Placement placement = place();
  Scenario scenario;
  scenario.text = server_text();
  const ServerProcess server(scenario, placement.server_core);
  std::vector<Row> rows;
  for (std::size_t i = 0; i < specs.size(); ++i) {
    specs[i].url = server.url();
    specs[i].core = placement.client_core;
    watcher.begins(i + 1, specs.size(), specs[i]);
    Row row = play_in_child(specs[i], stop);
    if (stop.stop_requested()) break;
    rows.push_back(std::move(row));
    watcher.ends(rows.back());
  }
  return rows;
}

int play_row_as_child() {
  return answer_as_child([](const std::string& question) {
    const Spec spec = spec_from_json(question);
    settle_in(spec.core);
    return [spec](std::stop_token stop) {
      Row row = row_for(spec);
      judge(observe(spec, std::move(stop)), row);
      return to_json(row) + "\n";
    };
  });
}

bool Proof::passed() const {
  return std::ranges::all_of(rows, &Row::passed);
}

std::string to_json(const Proof& proof) {
  nlohmann::ordered_json environment = nlohmann::ordered_json::object();
  for (const auto& [name, value] : proof.environment) environment[name] = value;
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  for (const Row& row : proof.rows) rows.push_back(nlohmann::ordered_json::parse(to_json(row)));
  const nlohmann::ordered_json json{{"schema", proof_schema},
                                    {"created", proof.created},
                                    {"seed", proof.seed},
                                    {"short", proof.is_short},
                                    {"alpha", whole_alpha},
                                    {"passed", proof.passed()},
                                    {"interrupted", proof.interrupted()},
                                    {"environment", environment},
                                    {"rows", rows}};
  return json.dump(2) + "\n";
}

}  // namespace atonce::selfcheck
