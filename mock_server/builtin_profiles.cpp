#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <stdexcept>

#include "mock_server/server_config.h"

namespace atonce::mock {
namespace {

constexpr std::string_view demo = R"(
routes:
  - path: /instant
    body: "ok\n"
  - path: /llm
    latency: {uniform: [250ms, 750ms]}
    body_bytes: 512
  - path: /v1/chat/completions
    llm:
      api: openai
      ttft: {lognormal: {median: 400ms, p99: 1.5s}}
      gap: {gamma: {shape: 4, scale: 5ms}}
      tokens: {uniform: [50, 150]}
      tool_call: 50%
  - path: /v1/messages
    llm:
      api: anthropic
      ttft: {lognormal: {median: 600ms, p99: 2s}}
      gap: {gamma: {shape: 4, scale: 4ms}}
      tokens: {uniform: [50, 150]}
      tool_call: 50%
  - path: /v1/models
    method: GET
    latency: 20ms
    content: openai_models
  - path: /search
    latency: {lognormal: {median: 1.2s, p99: 4s}}
    content: web_search
  - path: /kb
    latency: {gamma: {shape: 4, scale: 250ms}}
    content: knowledge_base
  - path: /limited
    body_bytes: 256
    capacity:
      workers: 8
      queue: 64
      service: {exponential: 20ms}
  - path: /contended
    body_bytes: 256
    capacity:
      service: 10ms
      usl: {sigma: 0.02, kappa: 0.001}
  - path: /broken
    status: 500
    latency: 5ms
    body: '{"error": "broken on purpose"}'
    headers: {Content-Type: application/json}
)";

constexpr std::string_view instant = R"(
routes:
  - path: /instant
    body: "ok\n"
)";

}  // namespace

std::vector<BuiltinProfile> builtin_profiles() {
  return {{"demo", demo}, {"instant", instant}};
}

ServerConfig builtin_profile(std::string_view name) {
  const auto profiles = builtin_profiles();
  const auto found = std::ranges::find(profiles, name, &BuiltinProfile::name);
  if (found == profiles.end()) {
    std::vector<std::string_view> names;
    names.reserve(profiles.size());
    for (const BuiltinProfile& profile : profiles) names.push_back(profile.name);
    throw std::invalid_argument(
        fmt::format("there is no profile '{}'; there are: {}", name, fmt::join(names, ", ")));
  }
  const auto file = fmt::format("profile {}", name);
  return parse_server_config(ConfigNode::parse(std::string(found->text), file));
}

}  // namespace atonce::mock
