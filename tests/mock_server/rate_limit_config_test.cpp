#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mock_server/server_config.h"

namespace atonce::mock {
namespace {

using testing::HasSubstr;

std::string error_of(const std::string& yaml) {
  try {
    parse_server_config(ConfigNode::parse(yaml, "a.yaml"));
    return "";
  } catch (const ConfigError& error) {
    return error.what();
  }
}

std::string error_in(const std::string& limit) {
  return error_of("rate_limits:\n- " + limit + "\nroutes: [{path: /a}]");
}

TEST(RateLimitConfig, mistakes_are_refused_with_line_and_key) {
  EXPECT_THAT(error_of("rate_limits: [{name: api}]\nroutes:\n- {path: /a, rate_limit: apy}"),
              HasSubstr("a.yaml:3: routes[0].rate_limit: expected one of: none, api, got 'apy'"));
  EXPECT_THAT(error_of("rate_limit: api\nroutes: [{path: /a}]"),
              HasSubstr("a.yaml:1: rate_limit: expected one of: none, got 'api'"));
  EXPECT_THAT(error_in("{name: a}\n- {name: a}"),
              HasSubstr("a.yaml:3: rate_limits[1].name: a limit of this name"));
  EXPECT_THAT(error_in("{name: none}"), HasSubstr("other than 'none'"));
  EXPECT_THAT(error_in("{key: authorization}"), HasSubstr("'name' is missing"));
  EXPECT_THAT(error_in("{name: a, key: 'x y'}"), HasSubstr("the name of a header"));
  EXPECT_THAT(error_in("{name: a, vendor: acme}"), HasSubstr("plain, openai or anthropic"));
  EXPECT_THAT(error_in("{name: a, requests: {most: 0, per: 1s}}"),
              HasSubstr("a.yaml:2: rate_limits[0].requests.most: "));
  EXPECT_THAT(error_in("{name: a, requests: {most: 1, per: 0s}}"), HasSubstr("above 0"));
  EXPECT_THAT(error_in("{name: a, requests: {most: 1, per: 1s, kind: x}}"),
              HasSubstr("bucket or window"));
  EXPECT_THAT(error_in("{name: a, requests: {most: 1, per: 1s, output: 1}}"),
              HasSubstr("unknown key"));
  EXPECT_THAT(error_in("{name: a, tokens: {most: 1, per: 1s, bytes_per_token: 0}}"),
              HasSubstr("tokens.bytes_per_token"));
  EXPECT_THAT(error_in("{name: a, ban: {after: 1, within: 1s, lasts: 1s, answer: 404}}"),
              HasSubstr("403 or drop"));
  EXPECT_THAT(error_of("limits: {connections_beyond: x}\nroutes: []"),
              HasSubstr("a.yaml:1: limits.connections_beyond: expected reset or wait"));
}

}  // namespace
}  // namespace atonce::mock
