#include <cmath>
#include <nlohmann/json.hpp>

#include "bench/tune/report.h"

namespace atonce::tune {
namespace {

using nlohmann::json;

template <class Value>
json or_null(const std::optional<Value>& value) {
  return value ? json(*value) : json(nullptr);
}

json to_json(const LevelInterval& interval) {
  return {{"low", or_null(interval.low)}, {"beyond", or_null(interval.beyond)}};
}

std::string_view name(End end) {
  switch (end) {
    case End::decided:
      return "decided";
    case End::out_of_budget:
      return "out_of_budget";
    case End::interrupted:
      return "interrupted";
    case End::failed:
      return "failed";
  }
  return {};
}

json to_json(const Rules& rules) {
  json slos = json::array();
  for (const Slo& slo : rules.slos)
    slos.push_back({{"text", slo.text}, {"share", slo.share}, {"limit_ns", slo.limit.count()}});
  return {{"objectives", slos},
          {"goal", name(rules.goal)},
          {"vary", name(rules.vary)},
          {"budget_s", rules.budget.count()},
          {"block_s", rules.block.count()},
          {"error", rules.error}};
}

json to_json(const LevelRow& row) {
  json shares = json::array();
  for (std::size_t i = 0; i < row.shares.size(); ++i) {
    json share{{"bad", row.shares[i]}};
    if (i < row.share_bounds.size()) {
      share["low"] = row.share_bounds[i].low;
      share["high"] = row.share_bounds[i].high;
    }
    shares.push_back(std::move(share));
  }
  return {{"level", row.level},
          {"probed", row.probed},
          {"throughput", row.throughput},
          {"throughput_low", row.throughput_bounds.low},
          {"throughput_high", row.throughput_bounds.high},
          {"p50_ns", std::llround(row.p50)},
          {"tail_ns", std::llround(row.tail)},
          {"failed", row.failed},
          {"objectives", shares},
          {"verdict", name(row.standing)}};
}

json to_json(const Probe& probe) {
  json blocks = json::array();
  for (const Block& block : probe.blocks)
    blocks.push_back({{"span_s", block.span.count()},
                      {"calls", block.calls},
                      {"failed", block.failed},
                      {"bad", block.bad}});
  return {{"level", probe.order.level},
          {"purpose", name(probe.order.purpose)},
          {"began_s", probe.began.count()},
          {"took_s", probe.took.count()},
          {"warm_up_s", probe.order.warm_up.count()},
          {"blocks", blocks},
          {"p50_ns", probe.response_time.quantile(0.5).count()},
          {"p99_ns", probe.response_time.quantile(0.99).count()},
          {"cpu", probe.cpu},
          {"stalls", probe.stalls},
          {"client_limited", probe.client_limited},
          {"doubts", probe.doubts},
          {"invalid", probe.invalid},
          {"dropped_blocks", probe.dropped}};
}

json models_of(const Answer& answer) {
  json models;
  if (answer.usl)
    models["usl"] = {{"gamma", answer.usl->gamma},
                     {"sigma", answer.usl->sigma},
                     {"kappa", answer.usl->kappa},
                     {"error", answer.usl->error}};
  if (answer.ceiling)
    models["ceiling"] = {{"alone_s", answer.ceiling->alone},
                         {"most", answer.ceiling->most},
                         {"error", answer.ceiling->error}};
  if (answer.workers)
    models["workers"] = {{"workers", answer.workers->queue.workers},
                         {"fewest", answer.workers->fewest},
                         {"most", answer.workers->most},
                         {"error", answer.workers->error}};
  models["text"] = answer.model;
  return models;
}

json to_json(const Report& report, const Tuned& tuned) {
  const Tuning& tuning = tuned.tuning;
  const Answer answer = answer_of(tuning);
  json out{{"runner", tuned.title()},
           {"recommended", or_null(answer.level)},
           {"headline", answer.headline},
           {"complete", answer.is_complete},
           {"end", name(tuning.end)},
           {"failure", tuning.failure},
           {"boundary", to_json(tuning.boundary)},
           {"range", {{"low", tuning.rules.range.low}, {"high", tuning.rules.range.high}}},
           {"estimate", tuning.estimate > 0 ? json(tuning.estimate) : json(nullptr)},
           {"knee", tuning.knee ? to_json(*tuning.knee) : json(nullptr)},
           {"client_limit", or_null(tuning.client_limit)},
           {"error_spent", {{"boundary", tuning.spent}, {"knee", tuning.spent_on_knee}}},
           {"cause", answer.cause},
           {"models", models_of(answer)},
           {"remarks", answer.remarks},
           {"used_s", tuning.used.count()}};
  for (const char* key : {"flags", "levels", "around", "probes", "verdicts"})
    out[key] = json::array();
  for (const Flag flag : tuning.flags) out["flags"].push_back(name(flag, tuning.rules.range));
  for (const LevelRow& row : answer.rows) out["levels"].push_back(to_json(row));
  for (const LevelRow& row : answer.around) out["around"].push_back(to_json(row));
  for (const Probe& probe : tuning.probes) out["probes"].push_back(to_json(probe));
  for (const Verdict& verdict : tuning.verdicts)
    out["verdicts"].push_back({{"level", verdict.level}, {"verdict", name(verdict.standing)}});
  for (const auto& [key, line] : snippets(report, tuned)) out["snippets"][key] = line;
  return out;
}

}  // namespace

std::string tune_json(const Report& report) {
  json out{{"schema", "atonce.tune/1"},
           {"created", report.created},
           {"command", report.command},
           {"scenario", report.scenario},
           {"scenario_text", report.scenario_text},
           {"target", report.target},
           {"rules", report.tuned.empty() ? json() : to_json(report.tuned.front().tuning.rules)}};
  out["not_played"] = report.not_played;
  out["left_out"] = report.left_out;
  out["runners"] = json::array();
  for (const Tuned& tuned : report.tuned) out["runners"].push_back(to_json(report, tuned));
  for (const auto& [key, value] : report.environment) out["environment"][key] = value;
  return out.dump(1, ' ', false, json::error_handler_t::replace) + '\n';
}

}  // namespace atonce::tune
