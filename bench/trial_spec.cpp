#include "bench/trial_spec.h"

#include <nlohmann/json.hpp>
#include <utility>

namespace atonce {

void play_slice(Scenario& scenario, const SliceLoad& slice) {
  const double longer = 1 / scenario.time_scale;  // a schedule is made with the time scale applied
  scenario.load = {.shape = slice.rate > 0 ? LoadShape::poisson : LoadShape::closed,
                   .sessions = slice.most_sessions,
                   .rate = slice.rate * scenario.time_scale,
                   .duration = scaled(slice.warm_up + slice.measured, longer),
                   .warm_up = {.sessions = 0, .span = scaled(slice.warm_up, longer)}};
}

namespace {

nlohmann::json choice_json(const LimitChoice& choice) {
  auto laws = nlohmann::json::array();
  for (const LimitLaw law : choice.laws) laws.push_back(name(law));
  return {{"laws", std::move(laws)}, {"variant", choice.variant}};
}

LimitChoice choice_from(const nlohmann::json& json) {
  LimitChoice choice{.laws = {}, .variant = json.at("variant")};
  for (const auto& word : json.at("laws"))
    choice.laws.push_back(limit_law(word.get<std::string>()).value());
  return choice;
}

}  // namespace

std::string to_json(const TrialSpec& spec) {
  nlohmann::json json{
      {"runner", spec.key.runner},
      {"transport", spec.key.transport},
      {"cap", spec.key.cap},
      {"connections", spec.key.connections},
      {"threads", spec.key.threads},
      {"repetition", spec.key.repetition},
      {"variant", spec.key.variant},
      {"scenario_text", spec.scenario.text},
      {"scenario_file", spec.scenario.file},
      {"limit_choice", choice_json(spec.scenario.limit_choice)},
      {"seed", spec.scenario.seed},
      {"time_scale", spec.scenario.time_scale},
      {"keep_alive", spec.scenario.keep_alive},
      {"timeout_ns", spec.scenario.timeout.count()},
      {"deadline_ns", spec.scenario.deadline.count()},
      {"spin_ns", spec.scenario.spin.count()},
      {"url", spec.url},
      {"mock_server", spec.mock_server},
      {"keeps_course", spec.keeps_course},
      {"shares_cores", spec.shares_cores},
      {"core", spec.core},
      {"helper_core", spec.helper_core},
      {"calls_csv", spec.calls_csv},
  };
  if (spec.slice)
    json["slice"] = {{"rate", spec.slice->rate},
                     {"warm_up_ns", spec.slice->warm_up.count()},
                     {"measured_ns", spec.slice->measured.count()},
                     {"most_sessions", spec.slice->most_sessions}};
  return json.dump();
}

TrialSpec trial_spec_from_json(const std::string& text) {
  const auto json = nlohmann::json::parse(text);
  TrialSpec spec;
  spec.key.runner = json.at("runner");
  spec.key.transport = json.at("transport");
  spec.key.cap = json.at("cap");
  spec.key.connections = json.at("connections");
  spec.key.threads = json.at("threads");
  spec.key.repetition = json.at("repetition");
  spec.key.variant = json.at("variant");
  spec.scenario = parse_scenario(json.at("scenario_text"), json.at("scenario_file"));
  auto choice = choice_from(json.at("limit_choice"));
  if (!choice.laws.empty())
    spec.scenario = with_limits(std::move(spec.scenario), std::move(choice));
  spec.scenario.seed = json.at("seed");
  spec.scenario.time_scale = json.at("time_scale");
  spec.scenario.keep_alive = json.at("keep_alive");
  spec.scenario.timeout = Nanos{json.at("timeout_ns").get<std::int64_t>()};
  spec.scenario.deadline = Nanos{json.at("deadline_ns").get<std::int64_t>()};
  if (const auto slice = json.find("slice"); slice != json.end()) {
    spec.slice = {.rate = slice->at("rate"),
                  .warm_up = Nanos{slice->at("warm_up_ns").get<std::int64_t>()},
                  .measured = Nanos{slice->at("measured_ns").get<std::int64_t>()},
                  .most_sessions = slice->at("most_sessions")};
    play_slice(spec.scenario, *spec.slice);
  }
  spec.scenario.spin = Nanos{json.at("spin_ns").get<std::int64_t>()};
  spec.url = json.at("url");
  spec.mock_server = json.at("mock_server");
  spec.keeps_course = json.value("keeps_course", false);
  spec.shares_cores = json.at("shares_cores");
  spec.core = json.at("core");
  spec.helper_core = json.at("helper_core");
  spec.calls_csv = json.at("calls_csv");
  return spec;
}

}  // namespace atonce
