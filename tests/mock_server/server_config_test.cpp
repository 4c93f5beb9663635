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
    capacity: {workers: 3, queue: 0, service: 5ms, usl: {sigma: 0.1, kappa: 0.01}}
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
              HasSubstr("either body or"));
  EXPECT_THAT(error_of("routes: [{path: /a, status: 204, body: x}]"), HasSubstr("no body"));
  EXPECT_THAT(error_of("routes: [{path: /a, method: get}]"), HasSubstr("such as GET"));
  EXPECT_THAT(error_of("routes: [{path: /a}, {path: /a}]"), HasSubstr("routes[1]: "));
  EXPECT_THAT(error_of("routes: [{path: /a, headers: {'X: y': z}}]"), HasSubstr("header name"));
  EXPECT_THAT(error_of("routes: [{path: /a, headers: {X: \"a\\r\\nB: c\"}}]"),
              HasSubstr("on one line"));
  EXPECT_THAT(error_of("routes: [{path: /a, capacity: {workers: 2}}]"),
              HasSubstr("'service' is missing"));
  EXPECT_THAT(error_of("seed: 1"), HasSubstr("'routes' is missing"));
}

TEST(ServerConfig, every_built_in_profile_can_be_parsed) {
  for (const BuiltinProfile& profile : builtin_profiles()) {
    EXPECT_FALSE(builtin_profile(profile.name).routes.empty()) << profile.name;
  }
  EXPECT_THROW(builtin_profile("none"), std::invalid_argument);
}

}  // namespace
}  // namespace atonce::mock
