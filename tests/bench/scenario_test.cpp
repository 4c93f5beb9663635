#include "bench/scenario.h"

#include <gmock/gmock.h>

#include "core/config.h"

namespace atonce {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

const std::string good = R"(name: pipeline
summary: Three stages.
time_scale: 0.1
load: {shape: poisson, rate: 20/s, duration: 10s}
session:
  - stage: search
    calls:
      - request: GET /search
        times: 3
  - stage: aside
    after: []
    calls:
      - {request: POST /kb, body_bytes: 10, headers: {X-Key: abc}}
  - stage: answer
    after: [search, aside]
    calls:
      - request: GET /llm
limits: {caps: [2, unlimited], timeout: 10s, deadline: 1m}
retry: {attempts: 3, base: 2s, jitter: 50%}
on_error: fail_fast
server:
  routes:
    - {path: /llm, latency: 1s}
)";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

std::string error_of(const std::string& text) {
  try {
    parse_scenario(text, "my.yaml");
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "no error";
}

TEST(Scenario, reads_everything_that_the_file_says) {
  const Scenario scenario = parse_scenario(good, "my.yaml");
  EXPECT_EQ(scenario.name, "pipeline");
  EXPECT_EQ(scenario.load.shape, LoadShape::poisson);
  EXPECT_THAT(scenario.caps, ElementsAre(2u, unlimited));
  ASSERT_EQ(scenario.session.stages.size(), 3u);
  EXPECT_THAT(scenario.session.stages[0].calls, ElementsAre(0u, 0u, 0u));
  EXPECT_THAT(scenario.session.stages[1].after, ElementsAre());
  EXPECT_THAT(scenario.session.stages[2].after, ElementsAre(0, 1));
  EXPECT_EQ(scenario.requests[1].method, "POST");
  EXPECT_EQ(scenario.requests[1].body.size(), 10u);
  EXPECT_THAT(scenario.requests[1].headers, ElementsAre(::testing::Pair("X-Key", "abc")));
  EXPECT_EQ(scenario.retry.max_attempts, 3);
  EXPECT_EQ(scenario.retry.jitter, 0.5);
  EXPECT_EQ(scenario.on_error, ErrorPolicy::fail_fast);
  EXPECT_EQ(scenario.server.routes.size(), 1u);
}

TEST(Scenario, what_could_never_be_played_is_refused) {
  const auto session_at = good.find("session:");
  const auto session_end = good.find("limits:");
  const std::string none = good.substr(0, session_at) + "session: []\n" + good.substr(session_end);
  EXPECT_THAT(error_of(none), HasSubstr("session: needs 1 to 10000 calls"));
  EXPECT_THAT(error_of(replaced(good, "deadline: 1m", "deadline: 0")), HasSubstr("deadline"));
  EXPECT_THAT(error_of(replaced(good, "X-Key: abc", "X-Key: \"a\\r\\nb: c\"")),
              HasSubstr("on one line"));
}

TEST(Scenario, one_factor_scales_every_duration) {
  const Scenario scenario = parse_scenario(good, "my.yaml");
  const Policy policy = policy_of(scenario, 2, 0);
  EXPECT_EQ(policy.attempt_timeout, milliseconds(1000));
  EXPECT_EQ(policy.call_deadline, milliseconds(6000));
  EXPECT_EQ(policy.retry.base, milliseconds(200));
  const Schedule schedule = schedule_of(scenario, 0);
  EXPECT_LE(schedule.arrivals.back().due, milliseconds(1000));
  EXPECT_GT(schedule.arrivals.size(), 100u) << "the same arrivals in a tenth of the time";
}

TEST(Scenario, a_variant_may_have_a_limit_of_its_own_and_what_is_late_is_scaled) {
  const Scenario scenario =
      parse_scenario(replaced(good, "timeout: 10s,", "timeout: 10s, limit: vegas, late: 1s,") +
                         "variants: [{variant: a}, {variant: b, limit: aimd, late: 2s}]\n",
                     "my.yaml");
  const auto limit = [&](const char* variant) {
    return policy_of(with_variant(scenario, variant), 2, 0).limit;
  };
  EXPECT_EQ(limit("a").law, LimitLaw::vegas);
  EXPECT_EQ(limit("a").late, milliseconds(100));
  EXPECT_EQ(limit("b").law, LimitLaw::aimd);
  EXPECT_EQ(limit("b").late, milliseconds(200));
  EXPECT_EQ(policy_of(parse_scenario(good, "my.yaml"), 2, 0).limit.law, LimitLaw::fixed);
}

TEST(Scenario, limits_asked_for_vary_one_way_to_play_it) {
  Scenario scenario = parse_scenario(good, "my.yaml");
  const Scenario varied =
      with_limits(scenario, {.laws = {LimitLaw::fixed, LimitLaw::gradient2}, .variant = ""});
  ASSERT_EQ(varied.variants.size(), 2u);
  EXPECT_EQ(with_variant(varied, "gradient2").limit.law, LimitLaw::gradient2);
  scenario.variants.push_back({.name = "own"});
  EXPECT_THROW(with_limits(scenario, {.laws = {LimitLaw::vegas}, .variant = ""}),
               std::invalid_argument);
}

TEST(Scenario, without_a_deadline_there_is_none_however_it_is_scaled) {
  const Scenario scenario = parse_scenario(replaced(good, ", deadline: 1m", ""), "my.yaml");
  EXPECT_EQ(policy_of(scenario, 2, 0).call_deadline, unlimited_time);
}

TEST(Scenario, repetitions_differ_and_come_again) {
  const Scenario scenario = parse_scenario(good, "my.yaml");
  EXPECT_EQ(seed_of(scenario, 0), seed_of(scenario, 0));
  EXPECT_NE(seed_of(scenario, 0), seed_of(scenario, 1));
}

TEST(Scenario, every_built_in_one_is_right_and_named_as_its_file) {
  EXPECT_GE(builtin_scenarios().size(), 3u);
  for (const auto& builtin : builtin_scenarios()) {
    const Scenario scenario = load_scenario(std::string(builtin.name));
    EXPECT_EQ(scenario.name, builtin.name);
    EXPECT_FALSE(scenario.server.routes.empty()) << builtin.name;
  }
}

TEST(Scenario, an_unknown_name_lists_the_known_ones) {
  try {
    load_scenario("hundred-cals");
    FAIL() << "no error";
  } catch (const std::invalid_argument& error) {
    EXPECT_THAT(error.what(), HasSubstr("hundred-calls"));
  }
}

struct Mistake {
  std::string from, to;
  std::vector<std::string> expected;
};

void PrintTo(const Mistake& mistake, std::ostream* out) {
  *out << mistake.from << " -> " << mistake.to;
}

class ScenarioMistake : public ::testing::TestWithParam<Mistake> {};

TEST_P(ScenarioMistake, is_reported_with_file_line_and_key) {
  const auto& [from, to, expected] = GetParam();
  const std::string error = error_of(replaced(good, from, to));
  for (const std::string& part : expected) EXPECT_THAT(error, HasSubstr(part));
}

INSTANTIATE_TEST_SUITE_P(
    All, ScenarioMistake,
    ::testing::Values(
        Mistake{"shape: poisson", "shape: poison", {"my.yaml:4", "load.shape", "batch, closed"}},
        Mistake{"rate: 20/s", "rate: fast", {"my.yaml:4", "load.rate"}},
        Mistake{"rate: 20/s, ", "", {"my.yaml:4", "rate"}},
        Mistake{", duration: 10s", "", {"my.yaml:4", "load", "sessions"}},
        Mistake{"request: GET /search", "request: /search", {"my.yaml:8", "GET /llm"}},
        Mistake{"times: 3", "times: 0", {"my.yaml:9", "times"}},
        Mistake{"timeout: 10s", "limit: tcp", {"my.yaml:18", "limits.limit", "fixed, aimd, vegas"}},
        Mistake{"timeout: 10s", "late: 0s", {"my.yaml:18", "limits.late"}},
        Mistake{"times: 3", "time: 3", {"my.yaml:9", "times"}},
        Mistake{"[search, aside]", "[search, asid]", {"my.yaml:15", "after"}},
        Mistake{"stage: aside", "stage: search", {"my.yaml:10", "name"}},
        Mistake{"caps: [2, unlimited]", "caps: [0]", {"my.yaml:18", "caps"}},
        Mistake{"caps: [2, unlimited]", "caps: []", {"my.yaml:18", "caps"}},
        Mistake{"timeout: 10s", "timeout: 0", {"my.yaml:18", "timeout"}},
        Mistake{"timeout: 10s", "timeout: 10", {"my.yaml:18", "timeout"}},
        Mistake{"jitter: 50%", "jitter: 150%", {"my.yaml:19", "jitter"}},
        Mistake{"on_error: fail_fast", "on_error: never", {"my.yaml:20", "collect, fail_fast"}},
        Mistake{"latency: 1s", "latency: soon", {"my.yaml:23", "latency"}},
        Mistake{"name: pipeline", "nam: pipeline", {"my.yaml:1", "name"}}));

}  // namespace
}  // namespace atonce
