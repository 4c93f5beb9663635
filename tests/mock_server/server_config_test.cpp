#include "mock_server/server_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace atonce::mock {
namespace {

using testing::HasSubstr;

ServerConfig parsed(const std::string& yaml) {
  return parse_server_config(ConfigNode::parse(yaml, "a.yaml"));
}

std::string error_of(const std::string& yaml) {
  try {
    parsed(yaml);
    return "";
  } catch (const ConfigError& error) {
    return error.what();
  }
}

TEST(ServerConfig, everything_can_be_set) {
  const auto config = parsed(R"(
address: ::1
port: 8080
threads: 2
seed: 7
time_scale: 0.1
truth_limit: 500
limits: {header_bytes: 4096, body_bytes: 100, receive_time: 2s, idle_time: 5s}
routes:
  - path: /a
    method: POST
    latency: {uniform: [1ms, 2ms]}
    status: 201
    body: hello
    headers: {X-One: "1"}
    capacity:
      {workers: 3, queue: 0, service: 5ms, usl: {sigma: 0.1, kappa: 0.01},
       changes: [{at: 1s, workers: 1}, {at: 2s, workers: unlimited}]}
)");
  EXPECT_EQ(config.address, "::1");
  EXPECT_EQ(config.port, 8080);
  EXPECT_EQ(config.io_threads, 2u);
  EXPECT_EQ(config.seed, 7u);
  EXPECT_EQ(config.time_scale, 0.1);
  EXPECT_EQ(config.truth_limit, 500u);
  EXPECT_EQ(config.limits.header_bytes, 4096u);
  EXPECT_EQ(config.limits.idle_time, std::chrono::seconds(5));
  const Route& route = config.routes.at(0);
  EXPECT_EQ(route.method, "POST");
  EXPECT_EQ(route.status, 201);
  EXPECT_EQ(route.body, "hello");
  EXPECT_THAT(route.headers, testing::ElementsAre(testing::Pair("X-One", "1")));
  EXPECT_EQ(route.capacity->workers, 3u);
  EXPECT_EQ(route.capacity->queue, 0u);
  ASSERT_EQ(route.capacity->changes.size(), 2u);
  EXPECT_EQ(route.capacity->changes[0].workers, 1u);
  EXPECT_EQ(route.capacity->changes[1].at, std::chrono::seconds(2));
  EXPECT_DOUBLE_EQ(route.capacity->usl->slowdown(3), 1 + 0.1 * 2 + 0.01 * 3 * 2);
}

TEST(ServerConfig, a_path_is_enough_for_a_route) {
  const Route route = parsed("routes: [{path: /a}]").routes.at(0);
  EXPECT_EQ(route.method, "*");
  EXPECT_EQ(route.status, 200);
  EXPECT_EQ(mean(route.latency), 0);
  EXPECT_FALSE(route.capacity);
}

TEST(ServerConfig, mistakes_are_refused_with_line_and_key) {
  EXPECT_THAT(error_of("routes:\n - path: /a\n   latncy: 1s\n"),
              HasSubstr("a.yaml:3: routes[0].latncy: unknown key (did you mean 'latency'?)"));
  EXPECT_THAT(error_of("routes:\n - path: a\n"), HasSubstr("a.yaml:2: routes[0].path: "));
  EXPECT_THAT(error_of("routes:\n - path: /a\n   status: 99\n"), HasSubstr("200 to 599"));
  EXPECT_THAT(error_of("port: 70000\nroutes: []\n"), HasSubstr("a.yaml:1: port: "));
  EXPECT_THAT(error_of("routes: [{path: '/a?b=1'}]"), HasSubstr("without a query"));
  EXPECT_THAT(error_of("routes: [{path: /metrics}]"), HasSubstr("the server's own"));
  EXPECT_THAT(error_of("routes: [{path: /_atonce/x}]"), HasSubstr("the server's own"));
  EXPECT_THAT(error_of("routes: [{path: /a, body: x, body_bytes: 3}]"),
              HasSubstr("only one of body"));
  EXPECT_THAT(error_of("routes: [{path: /a, status: 204, body: x}]"), HasSubstr("no body"));
  EXPECT_THAT(error_of("routes: [{path: /a, method: get}]"), HasSubstr("such as GET"));
  EXPECT_THAT(error_of("routes: [{path: /a}, {path: /a}]"), HasSubstr("routes[1]: "));
  EXPECT_THAT(error_of("routes: [{path: /a, headers: {'X: y': z}}]"), HasSubstr("header name"));
  EXPECT_THAT(error_of("routes: [{path: /a, headers: {X: \"a\\r\\nB: c\"}}]"),
              HasSubstr("on one line"));
  EXPECT_THAT(error_of("routes: [{path: /a, capacity: {workers: 2}}]"),
              HasSubstr("'service' is missing"));
  const auto changed = [](const std::string& changes) {
    return error_of("routes: [{path: /a, capacity: {service: 1s, changes: " + changes + "}}]");
  };
  EXPECT_THAT(changed("[{at: 1s, workers: 0}]"), HasSubstr("capacity.changes[0].workers"));
  EXPECT_THAT(changed("[{at: 1s}]"), HasSubstr("'workers' is missing"));
  EXPECT_THAT(changed("[{at: 1s, workers: 1}, {at: 1s, workers: 2}]"),
              HasSubstr("capacity.changes[1].at: changes come in order"));
  EXPECT_THAT(error_of("seed: 1"), HasSubstr("'routes' is missing"));
}

TEST(ServerConfig, everything_of_an_llm_route_can_be_set) {
  const Route route = parsed(R"(
routes:
  - path: /v1/messages
    headers: {X-One: "1"}
    capacity: {workers: 3, usl: {sigma: 0.1, kappa: 0}}
    faults: [{fault: drip, share: 1%, after: 25%, pause: 2ms, first: 2}]
    llm:
      api: anthropic
      ttft: 400ms
      gap: {exponential: 20ms}
      tokens: {uniform: [50, 150]}
      role_chunk: at_once
      tool_call: 10%
      wire: {line_end: crlf, keep_alive_comment: 1s, bytes_per_write: 1}
)")
                          .routes.at(0);
  EXPECT_EQ(route.method, "POST");
  EXPECT_EQ(route.capacity->workers, 3u);
  EXPECT_EQ(route.faults.at(0).kind, FaultKind::drip);
  EXPECT_EQ(route.faults.at(0).after, 0.25);
  EXPECT_EQ(route.faults.at(0).pause, std::chrono::milliseconds(2));
  EXPECT_EQ(route.faults.at(0).first, 2u);
  EXPECT_EQ(route.llm->api, LlmApi::anthropic);
  EXPECT_EQ(mean(route.llm->ttft), 0.4);
  EXPECT_EQ(mean(route.llm->gap), 0.02);
  EXPECT_EQ(mean(route.llm->tokens), 100);
  EXPECT_EQ(route.llm->role_chunk, RoleChunk::at_once);
  EXPECT_EQ(route.llm->tool_call, 0.1);
  EXPECT_TRUE(route.llm->wire.is_crlf);
  EXPECT_EQ(route.llm->wire.keep_alive_comment, std::chrono::seconds(1));
  EXPECT_EQ(route.llm->wire.bytes_per_write, 1u);
}

TEST(ServerConfig, mistakes_in_an_llm_route_are_refused_with_line_and_key) {
  const auto error_of_llm = [](const std::string& llm, const std::string& rest = "") {
    return error_of("routes:\n - path: /a\n   llm: {" + llm + "}\n" + rest);
  };
  EXPECT_THAT(error_of_llm("api: opnai"),
              HasSubstr("a.yaml:3: routes[0].llm.api: expected openai"));
  EXPECT_THAT(error_of_llm("ttft: 1s"), HasSubstr("'api' is missing"));
  EXPECT_THAT(error_of_llm("api: openai, tokens: 10ms"),
              HasSubstr("llm.tokens: expected a number"));
  EXPECT_THAT(error_of_llm("api: openai, gap: 10"), HasSubstr("llm.gap: "));
  EXPECT_THAT(error_of_llm("api: openai, role_chunk: never"), HasSubstr("with_first_token or"));
  EXPECT_THAT(error_of_llm("api: openai, wire: {line_end: cr}"), HasSubstr("lf or crlf"));
  EXPECT_THAT(error_of_llm("api: openai, wire: {keep_alive_comment: 0}"), HasSubstr("1ms or more"));
  EXPECT_THAT(error_of_llm("api: openai", "   latency: 1s\n"), HasSubstr("latency: unknown key"));
  EXPECT_THAT(error_of_llm("api: openai", "   capacity: {workers: 1, service: 1s}\n"),
              HasSubstr("the answer itself is the service"));
  EXPECT_THAT(error_of("routes: [{path: /a, content: web}]"), HasSubstr("web_search or"));
  EXPECT_THAT(error_of("routes: [{path: /a, content: web_search, body: x}]"),
              HasSubstr("only one of body"));
}

TEST(ServerConfig, mistakes_in_the_faults_of_a_stream_are_refused) {
  const auto error_of_fault = [](const std::string& fault, const std::string& rest = "") {
    return error_of("routes:\n - path: /a\n   faults: [{share: 1%, " + fault + "}]\n" + rest);
  };
  const std::string llm = "   llm: {api: openai}\n";
  EXPECT_EQ(error_of_fault("fault: truncated_json", llm), "");
  EXPECT_THAT(error_of_fault("fault: truncated_json"), HasSubstr("stall or status"));
  EXPECT_THAT(error_of_fault("fault: reset, after: 1%"), HasSubstr("faults[0].after: only"));
  EXPECT_THAT(error_of_fault("fault: reset, after: 1%, at_once: true", llm), HasSubstr("after: "));
  EXPECT_THAT(error_of_fault("fault: drip", llm), HasSubstr("'pause' is missing"));
  EXPECT_THAT(error_of_fault("fault: reset, pause: 1s", llm), HasSubstr("only `fault: drip`"));
  EXPECT_THAT(error_of_fault("fault: drip, pause: 1s, at_once: true", llm),
              HasSubstr("needs a stream"));
  EXPECT_THAT(error_of_fault("fault: status, status: 503, retry_after: 1s, retry_after_as: never"),
              HasSubstr("http_date"));
  EXPECT_THAT(error_of_fault("fault: reset, first: 0"), HasSubstr("faults[0].first: "));
}

TEST(ServerConfig, every_built_in_profile_can_be_parsed) {
  for (const BuiltinProfile& profile : builtin_profiles()) {
    EXPECT_FALSE(builtin_profile(profile.name).routes.empty()) << profile.name;
  }
  EXPECT_THROW(builtin_profile("none"), std::invalid_argument);
}

}  // namespace
}  // namespace atonce::mock
