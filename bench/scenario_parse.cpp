#include <fmt/format.h>

#include <algorithm>

#include "bench/config_words.h"
#include "bench/load_parse.h"
#include "bench/placeholders.h"
#include "bench/scenario.h"
#include "core/config.h"

namespace atonce {
namespace {

constexpr std::uint64_t most_calls_in_a_session = 10'000;

std::vector<std::string> parse_words(const ConfigNode& node, std::string_view key) {
  std::vector<std::string> words;
  if (const auto list = node.find(key))
    for (const ConfigNode& word : list->items()) words.push_back(word.text());
  return words;
}

/// What a trace fills in, it must have; what no trace fills in is not sent as it stands.
void check_placeholders(const ConfigNode& body, const Scenario& scenario) {
  const std::string text = body.text();
  const Placeholders found = placeholders_in(text);
  const Trace& trace = scenario.trace;
  if (scenario.load.shape != LoadShape::trace) {
    if (found.input || found.output) body.fail("only the shape trace fills in a body");
    return;
  }
  if (!found.unknown.empty())
    body.fail(fmt::format("{} is not one of ${{input_text}}, ${{input_tokens}}, ${{output_tokens}}",
                          found.unknown));
  if ((found.input && !trace.has_input_tokens) || (found.output && !trace.has_output_tokens))
    body.fail(fmt::format("the trace has no column of {} tokens",
                          found.input && !trace.has_input_tokens ? "input" : "output"));
}

Request parse_request(const ConfigNode& call) {
  Request request;
  const ConfigNode line = call.at("request");
  const std::string text = line.text();
  const auto space = text.find(' ');
  if (space == 0 || space == std::string::npos || space + 1 >= text.size() ||
      text[space + 1] != '/' || text.find_first_of(" \t\r\n", space + 1) != std::string::npos)
    line.reject("a method and a path such as 'GET /llm'");
  request.method = text.substr(0, space);
  request.target = text.substr(space + 1);
  if (const auto headers = call.find("headers"))
    for (const auto& [name, value] : headers->entries()) {
      const bool one_line = (name + value.text()).find_first_of("\r\n") == std::string::npos;
      if (name.empty() || !one_line) value.reject("a header's value, on one line");
      request.headers.emplace_back(name, value.text());
    }
  if (const auto body = call.find("body")) request.body = body->text();
  if (const auto size = call.find("body_bytes")) {
    if (!request.body.empty()) size->fail("give `body` or `body_bytes`, not both");
    request.body.assign(size->count(0, 16 << 20), 'x');
  }
  return request;
}

constexpr Nanos longest_step = std::chrono::seconds(10);

constexpr std::array<std::pair<std::string_view, Step::Place>, 2> places{
    {{"in_place", Step::Place::in_place}, {"offload", Step::Place::offload}}};

Step parse_step(const ConfigNode& node) {
  node.allow_only({"cpu", "block", "run"});
  const bool cpu = node.has("cpu");
  if (cpu == node.has("block")) node.fail("needs either `cpu` or `block`");
  Step step;
  step.kind = cpu ? Step::Kind::cpu : Step::Kind::block;
  const ConfigNode span = node.at(cpu ? "cpu" : "block");
  step.span = span.duration();
  if (step.span == Nanos{} || step.span > longest_step) span.reject("up to 10s, and more than 0");
  if (const auto run = node.find("run")) step.place = one_of(*run, places);
  return step;
}

std::uint16_t stage_by_name(const ConfigNode& name, const std::vector<StagePlan>& before) {
  const auto found = std::ranges::find(before, name.text(), &StagePlan::name);
  if (found == before.end()) name.reject("the name of an earlier stage");
  return static_cast<std::uint16_t>(found - before.begin());
}

void parse_stage(const ConfigNode& node, Scenario& scenario) {
  node.allow_only({"stage", "calls", "after"});
  auto& stages = scenario.session.stages;
  StagePlan stage;
  stage.name = node.at("stage").text();
  if (std::ranges::find(stages, stage.name, &StagePlan::name) != stages.end())
    node.at("stage").fail("two stages have this name");
  for (const ConfigNode& call : node.at("calls").items()) {
    call.allow_only({"request", "headers", "body", "body_bytes", "times", "then"});
    const auto times = call.find("times");
    const auto request = static_cast<std::uint32_t>(scenario.requests.size());
    scenario.requests.push_back(parse_request(call));
    if (const auto body = call.find("body")) check_placeholders(*body, scenario);
    if (const auto then = call.find("then")) scenario.requests.back().then = parse_step(*then);
    stage.calls.insert(stage.calls.end(), times ? times->count(1, most_calls_in_a_session) : 1,
                       request);
  }
  if (const auto after = node.find("after")) {
    for (const ConfigNode& name : after->items())
      stage.after.push_back(stage_by_name(name, stages));
  } else if (!stages.empty()) {
    stage.after = {static_cast<std::uint16_t>(stages.size() - 1)};
  }
  stages.push_back(std::move(stage));
}

std::vector<std::size_t> parse_caps(const ConfigNode& node) {
  std::vector<std::size_t> caps;
  for (const ConfigNode& cap : node.items()) caps.push_back(cap.limit());
  if (caps.empty()) node.fail("needs at least one cap");
  return caps;
}

Nanos parse_late(const ConfigNode& node) {
  const Nanos late = node.duration();
  if (late == Nanos{}) node.reject("a duration longer than 0");
  return late;
}

void parse_limits(const ConfigNode& node, Scenario& scenario) {
  node.allow_only({"caps", "limit", "late", "connections", "keep_alive", "timeout", "deadline",
                   "offload_threads", "spin"});
  scenario.caps = parse_caps(node.at("caps"));
  if (const auto connections = node.find("connections"))
    scenario.connections = connections->limit();
  if (const auto limit = node.find("limit")) scenario.limit.law = one_of(*limit, limit_laws);
  if (const auto late = node.find("late")) scenario.limit.late = parse_late(*late);
  if (const auto keep_alive = node.find("keep_alive")) scenario.keep_alive = keep_alive->flag();
  if (const auto timeout = node.find("timeout")) scenario.timeout = timeout->duration();
  if (const auto deadline = node.find("deadline")) scenario.deadline = deadline->duration();
  if (const auto threads = node.find("offload_threads"))
    scenario.offload_threads = threads->count(1, 1000);
  if (const auto spin = node.find("spin")) scenario.spin = spin->duration();
  if (scenario.spin > longest_spin) node.at("spin").reject("up to 10ms");
  if (scenario.deadline == Nanos{}) node.at("deadline").reject("a duration longer than 0");
  if (scenario.timeout == Nanos{}) node.at("timeout").reject("a duration longer than 0");
}

RetryPolicy parse_retry(const ConfigNode& node) {
  if (node.is_scalar()) {
    if (node.text() != "sdk") node.reject("sdk, or a mapping with `attempts`");
    return RetryPolicy::sdk();
  }
  node.allow_only({"attempts", "base", "factor", "jitter", "longest", "hints", "longest_hint"});
  RetryPolicy retry;
  retry.max_attempts = static_cast<std::uint16_t>(node.at("attempts").count(1, 100));
  if (const auto base = node.find("base")) retry.base = base->duration();
  if (const auto factor = node.find("factor")) retry.factor = factor->number(1, 100);
  if (const auto jitter = node.find("jitter")) retry.jitter = jitter->fraction();
  if (const auto longest = node.find("longest")) retry.longest = longest->duration();
  if (const auto hints = node.find("hints")) retry.hints = hints->flag();
  if (const auto longest = node.find("longest_hint")) retry.longest_hint = longest->duration();
  return retry;
}

constexpr std::array<std::pair<std::string_view, ErrorPolicy>, 2> error_policies{
    {{"collect", ErrorPolicy::collect}, {"fail_fast", ErrorPolicy::fail_fast}}};

Variant parse_variant(const ConfigNode& node, const std::vector<Variant>& before) {
  node.allow_only(
      {"variant", "caps", "limit", "late", "connections", "retry", "on_error", "steps"});
  Variant variant;
  const ConfigNode name = node.at("variant");
  variant.name = name.text();
  if (variant.name.empty()) name.reject("a name");
  if (std::ranges::find(before, variant.name, &Variant::name) != before.end())
    name.fail("two variants have this name");
  if (const auto caps = node.find("caps")) variant.caps = parse_caps(*caps);
  if (const auto connections = node.find("connections")) variant.connections = connections->limit();
  if (const auto retry = node.find("retry")) variant.retry = parse_retry(*retry);
  if (const auto policy = node.find("on_error")) variant.on_error = one_of(*policy, error_policies);
  if (const auto steps = node.find("steps")) variant.steps = one_of(*steps, places);
  if (const auto limit = node.find("limit")) variant.limit = one_of(*limit, limit_laws);
  if (const auto late = node.find("late")) variant.late = parse_late(*late);
  return variant;
}

}  // namespace

Scenario parse_scenario(const std::string& text, const std::string& file) {
  const ConfigNode root = ConfigNode::parse(text, file);
  root.allow_only({"name", "summary", "systems", "runners", "seed", "time_scale", "load", "session",
                   "limits", "retry", "on_error", "variants", "server"});
  Scenario scenario;
  scenario.text = text;
  scenario.file = file;
  scenario.name = root.at("name").text();
  scenario.summary = root.at("summary").text();
  scenario.systems = parse_words(root, "systems");
  scenario.runners = parse_words(root, "runners");
  if (const auto seed = root.find("seed")) scenario.seed = seed->count(0, UINT64_MAX);
  if (const auto scale = root.find("time_scale")) scenario.time_scale = scale->number(1e-6, 1e6);
  parse_load(root.at("load"), scenario);
  for (const ConfigNode& stage : root.at("session").items()) parse_stage(stage, scenario);
  const std::size_t calls = scenario.session.call_count();
  const std::size_t most = std::max(calls, scenario.session.stages.size());
  if (calls == 0 || most > most_calls_in_a_session)
    root.at("session").fail(
        fmt::format("needs 1 to {} calls, in no more stages", most_calls_in_a_session));
  parse_limits(root.at("limits"), scenario);
  if (const auto retry = root.find("retry")) scenario.retry = parse_retry(*retry);
  if (const auto policy = root.find("on_error"))
    scenario.on_error = one_of(*policy, error_policies);
  if (const auto variants = root.find("variants"))
    for (const ConfigNode& variant : variants->items())
      scenario.variants.push_back(parse_variant(variant, scenario.variants));
  if (const auto server = root.find("server")) scenario.server = mock::parse_server_config(*server);
  return scenario;
}

}  // namespace atonce
