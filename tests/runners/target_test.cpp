#include <gmock/gmock.h>

#include "runners/endpoint.h"
#include "runners/runner.h"

namespace atonce {
namespace {

TEST(Target, takes_a_url_apart) {
  const Target target = parse_target("http://example.org:8080/v1/");
  EXPECT_EQ(target.host, "example.org");
  EXPECT_EQ(target.port, 8080);
  EXPECT_EQ(target.base_path, "/v1");
  EXPECT_EQ(target.authority, "example.org:8080");
}

TEST(Target, has_a_port_and_no_path_by_default) {
  const Target target = parse_target("http://127.0.0.1");
  EXPECT_EQ(target.port, 80);
  EXPECT_EQ(target.base_path, "");
  EXPECT_EQ(target.authority, "127.0.0.1");
}

TEST(Target, keeps_the_brackets_of_an_address_in_the_authority_only) {
  const Target target = parse_target("http://[::1]:9000");
  EXPECT_EQ(target.host, "::1");
  EXPECT_EQ(target.authority, "[::1]:9000");
}

TEST(Target, refuses_what_cannot_be_played_against) {
  for (const char* url : {"", "nonsense::", "https://127.0.0.1", "ftp://127.0.0.1",
                          "http://user@127.0.0.1", "http://127.0.0.1/?q=1"})
    EXPECT_THROW(parse_target(url), std::invalid_argument) << url;
}

TEST(Target, knows_what_is_on_this_machine) {
  for (const char* url :
       {"http://localhost", "http://127.0.0.1", "http://127.8.9.1", "http://[::1]"})
    EXPECT_TRUE(is_local(parse_target(url))) << url;
  for (const char* url : {"http://localhost.example.org", "http://128.0.0.1", "http://[::2]"})
    EXPECT_FALSE(is_local(parse_target(url))) << url;
}

TEST(Endpoint, has_the_addresses_of_its_target_as_text) {
  for (const std::string address : {"127.0.0.1", "[::1]"}) {
    const Endpoint endpoint = resolve(parse_target("http://" + address + ":8080"));
    ASSERT_EQ(endpoint.addresses.size(), 1u);
    EXPECT_EQ(to_text(endpoint.addresses[0]), address);
    EXPECT_TRUE(is_numeric(endpoint.target));
  }
}

TEST(Endpoint, of_a_name_that_does_not_exist_has_no_address) {
  const Target target = parse_target("http://" + std::string(64, 'x') + ".invalid");
  EXPECT_TRUE(resolve(target).addresses.empty());
  EXPECT_FALSE(is_numeric(target));
}

}  // namespace
}  // namespace atonce
