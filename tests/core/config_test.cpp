#include "core/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>

namespace atonce {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::StartsWith;

/// The message of the error that reading `yaml` with `read` ends in; empty when there is none.
std::string error_of(const std::string& yaml, const std::function<void(const ConfigNode&)>& read) {
  try {
    read(ConfigNode::parse(yaml, "a.yaml"));
    return "";
  } catch (const ConfigError& error) {
    return error.what();
  }
}

ConfigNode value_of(const std::string& yaml) {
  return ConfigNode::parse("key: " + yaml, "a.yaml").at("key");
}

TEST(Config, an_error_names_file_line_key_what_was_expected_and_what_was_there) {
  const auto message = error_of(
      "routes:\n  - path: /\n  - path: /b\n    size: many\n",
      [](const ConfigNode& root) { root.at("routes").items().at(1).at("size").count(1, 9); });
  EXPECT_EQ(message, "a.yaml:4: routes[1].size: expected a whole number from 1 to 9, got 'many'");
}

TEST(Config, an_unknown_key_is_met_with_the_nearest_known_one) {
  const auto message = error_of("port: 1\nadress: x\n", [](const ConfigNode& root) {
    root.allow_only({"address", "port"});
  });
  EXPECT_THAT(message, StartsWith("a.yaml:2: adress: unknown key (did you mean 'address'?)"));
  EXPECT_THAT(message, HasSubstr("address, port"));
}

TEST(Config, an_unknown_key_like_no_other_gets_no_suggestion) {
  const auto message = error_of("zebra: 1\n", [](const ConfigNode& root) {
    root.allow_only({"address", "port"});
  });
  EXPECT_THAT(message, Not(HasSubstr("did you mean")));
}

TEST(Config, a_duplicate_key_is_an_error_at_any_depth) {
  EXPECT_THAT(error_of("a: 1\nb: 2\na: 3\n", [](const ConfigNode&) {}),
              StartsWith("a.yaml:3: a: "));
  EXPECT_THAT(error_of("l:\n - x: 1\n   x: 2\n", [](const ConfigNode&) {}),
              StartsWith("a.yaml:3: l[0].x: "));
}

TEST(Config, broken_yaml_is_an_error_with_its_line) {
  EXPECT_THAT(error_of("a: 1\nb: [1, 2\n", [](const ConfigNode&) {}), HasSubstr("not valid YAML"));
}

TEST(Config, endless_and_exploding_documents_are_refused) {
  EXPECT_THAT(error_of("a: &x [*x]\n", [](const ConfigNode&) {}), HasSubstr("deep"));
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 9; ++i) {
    const auto last = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + last;
    for (int j = 0; j < 9; ++j) bomb += ", " + last;
    bomb += "]\n";
  }
  EXPECT_THAT(error_of(bomb, [](const ConfigNode&) {}), HasSubstr("million"));
}

TEST(Config, missing_and_empty_values_are_told_apart_from_wrong_ones) {
  EXPECT_THAT(error_of("a: 1\n", [](const ConfigNode& root) { root.at("b"); }),
              HasSubstr("the key 'b' is missing"));
  EXPECT_THAT(error_of("a:\n", [](const ConfigNode& root) { root.at("a").text(); }),
              HasSubstr("got nothing"));
  EXPECT_FALSE(value_of("{}").has("x"));
}

TEST(Config, a_node_outlives_the_document_it_came_from) {
  const ConfigNode inner = ConfigNode::parse("a: {b: [1, 2]}", "a.yaml").at("a").at("b");
  EXPECT_EQ(inner.items().at(1).count(0, 9), 2u);
}

TEST(Config, scalars_are_read_in_their_units) {
  EXPECT_TRUE(value_of("true").flag());
  EXPECT_DOUBLE_EQ(value_of("2.5").number(0, 3), 2.5);
  EXPECT_EQ(value_of("250ms").duration(), 250ms);
  EXPECT_EQ(value_of("unlimited").limit(), static_cast<std::size_t>(-1));
  EXPECT_DOUBLE_EQ(value_of("25%").fraction(), 0.25);
  EXPECT_DOUBLE_EQ(value_of("0.25").fraction(), 0.25);
  EXPECT_DOUBLE_EQ(value_of("100/s").rate(), 100);
  EXPECT_DOUBLE_EQ(value_of("30/min").rate(), 0.5);
}

TEST(Config, scalars_out_of_range_are_refused) {
  EXPECT_THROW(value_of("yes").flag(), ConfigError);
  EXPECT_THROW(value_of("4").number(0, 3), ConfigError);
  EXPECT_THROW(value_of(".nan").number(0, 3), ConfigError);
  EXPECT_THROW(value_of("-1").count(0, 3), ConfigError);
  EXPECT_THROW(value_of("1.5").count(0, 3), ConfigError);
  EXPECT_THROW(value_of("-5ms").duration(), ConfigError);
  EXPECT_THROW(value_of("0").limit(), ConfigError);
  EXPECT_THROW(value_of("101%").fraction(), ConfigError);
  EXPECT_THROW(value_of("0/s").rate(), ConfigError);
  EXPECT_THROW(value_of("100").rate(), ConfigError);
  EXPECT_EQ(value_of("0").rate_or_zero(), 0);
  EXPECT_EQ(value_of("0/s").rate_or_zero(), 0);
  EXPECT_THROW(value_of("-1/s").rate_or_zero(), ConfigError);
  EXPECT_THROW(value_of("5").rate_or_zero(), ConfigError);
  EXPECT_THROW(value_of("[1]").text(), ConfigError);
}

TEST(Config, every_law_can_be_written) {
  EXPECT_DOUBLE_EQ(mean(value_of("20us").law()), 20e-6);
  EXPECT_DOUBLE_EQ(mean(value_of("{fixed: 20us}").law()), 20e-6);
  EXPECT_DOUBLE_EQ(mean(value_of("{uniform: [250ms, 750ms]}").law()), 0.5);
  EXPECT_NEAR(mean(value_of("{normal: {mean: 1s, sd: 10ms}}").law()), 1, 1e-9);
  EXPECT_NEAR(quantile(value_of("{lognormal: {median: 1s, p99: 4s}}").law(), 0.99), 4, 1e-9);
  EXPECT_NEAR(quantile(value_of("{lognormal: {mu: 0, sigma: 1}}").law(), 0.5), 1, 1e-9);
  EXPECT_DOUBLE_EQ(mean(value_of("{exponential: 1s}").law()), 1);
  EXPECT_DOUBLE_EQ(mean(value_of("{gamma: {shape: 2, scale: 500ms}}").law()), 1);
  EXPECT_DOUBLE_EQ(mean(value_of("{pareto: {minimum: 1s, alpha: 2}}").law()), 2);
  EXPECT_DOUBLE_EQ(mean(value_of("{quantiles: [0, 5ms, 10ms]}").law()), 5e-3);
  EXPECT_DOUBLE_EQ(mean(value_of("{bimodal: {first: 1s, second: 3s, weight: 50%}}").law()), 2);
}

TEST(Config, a_law_can_be_over_plain_numbers) {
  EXPECT_DOUBLE_EQ(mean(value_of("100").number_law()), 100);
  EXPECT_DOUBLE_EQ(mean(value_of("{uniform: [50, 150]}").number_law()), 100);
  EXPECT_DOUBLE_EQ(mean(value_of("{gamma: {shape: 2, scale: 50}}").number_law()), 100);
  EXPECT_DOUBLE_EQ(mean(value_of("{bimodal: {first: 1, second: 3, weight: 50%}}").number_law()), 2);
  EXPECT_THROW(value_of("100ms").number_law(), ConfigError);
  EXPECT_THROW(value_of("-1").number_law(), ConfigError);
  EXPECT_THROW(value_of("{uniform: [50ms, 150]}").number_law(), ConfigError);
}

TEST(Config, a_wrong_law_is_refused_where_it_stands) {
  const auto law_error = [](const std::string& yaml) {
    return error_of("l: " + yaml, [](const ConfigNode& root) { root.at("l").law(); });
  };
  EXPECT_THAT(law_error("{unifrom: [1s, 2s]}"), HasSubstr("did you mean 'uniform'"));
  EXPECT_THAT(law_error("{uniform: [2s, 1s]}"), HasSubstr("l.uniform: uniform: expected 0 <= low"));
  EXPECT_THAT(law_error("{uniform: [1s]}"), HasSubstr("two values"));
  EXPECT_THAT(law_error("{uniform: [1s, 2]}"), HasSubstr("l.uniform[1]: "));
  EXPECT_THAT(law_error("{fixed: 1s, exponential: 1s}"), HasSubstr("exactly one law"));
  EXPECT_THAT(law_error("{lognormal: {median: 1s, sigma: 2}}"), HasSubstr("either median and p99"));
  EXPECT_THAT(law_error("[1s]"), HasSubstr("a duration such as 250ms, or"));
}

TEST(Config, observed_values_are_read_from_a_file_beside_the_configuration) {
  const auto folder = std::filesystem::path(testing::TempDir()) / "atonce_observed";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "seen.txt") << "# from production\n10ms\n30ms\r\n\n20ms\n";
  const auto read = [&](const std::string& yaml) {
    return ConfigNode::parse(yaml, (folder / "a.yaml").string()).at("l").law();
  };
  EXPECT_NEAR(quantile(read("l: {observed: seen.txt}"), 0.5), 0.02, 1e-12);

  std::ofstream(folder / "seen.txt") << "10ms\nlong\n";
  try {
    read("l: {observed: seen.txt}");
    ADD_FAILURE() << "accepted a bad line";
  } catch (const ConfigError& error) {
    EXPECT_THAT(error.what(), HasSubstr("seen.txt:2: "));
  }
  EXPECT_THROW(read("l: {observed: none.txt}"), ConfigError);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace atonce
