#include "bench/selfcheck/spec.h"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

#include "core/config.h"
#include "mock_server/server_config.h"

namespace atonce::selfcheck {
namespace {

/// Means of 3 to 4 ms: long against the stamps' errors, short enough for thousands of calls. No
/// quantile of the table lies in the gap of the bimodal law, where chance alone would choose a
/// side.
constexpr std::string_view routes = R"(routes:
  - {path: /fixed, latency: 4ms}
  - {path: /uniform, latency: {uniform: [1ms, 7ms]}}
  - {path: /exponential, latency: {exponential: 4ms}}
  - {path: /lognormal, latency: {lognormal: {median: 2.5ms, p99: 20ms}}}
  - path: /bimodal
    latency: {bimodal: {first: {uniform: [1ms, 3ms]}, second: {uniform: [15ms, 25ms]}, weight: 0.95}}
)";

constexpr std::array loads{
    KnownLoad{
        .name = "low", .shape = LoadShape::constant, .rate = 200, .calls = 2000, .few_calls = 50},
    KnownLoad{
        .name = "mid", .shape = LoadShape::poisson, .rate = 800, .calls = 4000, .few_calls = 200},
};

}  // namespace

std::string_view server_text() {
  return routes;
}

std::vector<KnownLaw> known_laws() {
  const auto config =
      mock::parse_server_config(ConfigNode::parse(std::string(routes), "the self-check's routes"));
  std::vector<KnownLaw> laws;
  for (const mock::Route& route : config.routes)
    laws.push_back({route.path.substr(1), route.latency});
  return laws;
}

std::span<const KnownLoad> known_loads() {
  return loads;
}

std::string label(const Spec& spec) {
  const std::string transport = spec.key.transport.empty() ? "" : "/" + spec.key.transport;
  return fmt::format("{}{}, {}, {}", spec.key.runner, transport, spec.law, spec.load);
}

std::string to_json(const Spec& spec) {
  return nlohmann::json{{"runner", spec.key.runner}, {"transport", spec.key.transport},
                        {"cap", spec.key.cap},       {"connections", spec.key.connections},
                        {"law", spec.law},           {"load", spec.load},
                        {"calls", spec.calls},       {"seed", spec.seed},
                        {"alpha", spec.alpha},       {"url", spec.url},
                        {"core", spec.core}}
      .dump();
}

Spec spec_from_json(const std::string& text) {
  const auto json = nlohmann::json::parse(text);
  Spec spec;
  spec.key.runner = json.at("runner");
  spec.key.transport = json.at("transport");
  spec.key.cap = json.at("cap");
  spec.key.connections = json.at("connections");
  spec.law = json.at("law");
  spec.load = json.at("load");
  spec.calls = json.at("calls");
  spec.seed = json.at("seed");
  spec.alpha = json.at("alpha");
  spec.url = json.at("url");
  spec.core = json.at("core");
  return spec;
}

}  // namespace atonce::selfcheck
