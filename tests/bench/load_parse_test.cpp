/// The `load` of a scenario file.

#include "bench/load_parse.h"

#include <gmock/gmock.h>

namespace atonce {
namespace {

using ::testing::HasSubstr;
using namespace std::chrono_literals;

std::string scenario_text(const std::string& load, const std::string& body = "hello") {
  return "name: a\nsummary: b\nload: " + load +
         "\nsession: [{stage: s, calls: [{request: POST /a, body: '" + body +
         "'}]}]\nlimits: {caps: [1]}\n";
}

Scenario parsed(const std::string& load, const std::string& body = "hello") {
  return parse_scenario(scenario_text(load, body), "my.yaml");
}

std::string error_of(const std::string& load, const std::string& body = "hello") {
  try {
    parsed(load, body);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "no error";
}

std::size_t sessions_of(const std::string& load) {
  return schedule_of(parsed(load), 0).arrivals.size();
}

TEST(ParseLoad, stages_last_as_long_as_they_say_unless_a_duration_does) {
  const std::string stages =
      "{shape: constant, rate: [{rate: 10/s, for: 2s}, {rate: 0, for: 1s}, {from: 0/s, to: 60/min, "
      "for: 4s}]";
  EXPECT_EQ(parsed(stages + "}").load.duration, 7s);
  EXPECT_EQ(sessions_of(stages + "}"), 22u);
  EXPECT_EQ(sessions_of(stages + ", duration: 1s}"), 10u);
  EXPECT_EQ(sessions_of(stages + ", duration: 10s}"), 25u) << "the last rate goes on";
  EXPECT_EQ(sessions_of(stages + ", sessions: 5}"), 5u);
}

TEST(ParseLoad, bursts_come_again_until_the_load_ends) {
  const Scenario scenario =
      parsed("{shape: constant, rate: 100/s, bursts: {on: 100ms, off: 900ms}, duration: 3s}");
  EXPECT_EQ(schedule_of(scenario, 0).arrivals.size(), 30u);
  EXPECT_EQ(schedule_of(scenario, 0).arrivals.back().due, 2090ms);
}

TEST(ParseLoad, one_factor_scales_stages_bursts_traces_and_the_warm_up) {
  const auto scaled_by_7 = [](const std::string& load) {
    Scenario scenario = parsed(load);
    scenario.time_scale = 1 / 7.0;
    return schedule_of(scenario, 0);
  };
  const Schedule stages = scaled_by_7(
      "{shape: constant, rate: [{rate: 9/s, for: 3s}, {from: 9/s, to: 1/s, for: 3s}], warm_up: "
      "700ms}");
  EXPECT_EQ(stages.arrivals.size(), 42u);
  EXPECT_LT(stages.arrivals.back().due, 6000ms / 7);
  EXPECT_EQ(stages.warm_up.span, 100ms);
  const Schedule bursts =
      scaled_by_7("{shape: constant, rate: 9/s, bursts: {on: 1s, off: 3s}, duration: 4000s}");
  EXPECT_EQ(bursts.arrivals.size(), 9000u);
  const Schedule trace = scaled_by_7(
      "{shape: trace, trace: {text: \"time\\n0\\n7\\n21\", time_scale: 0.1}, duration: 2.1s}");
  ASSERT_EQ(trace.arrivals.size(), 2u) << "the bounds are in the trace's time, as scaled by it";
  EXPECT_EQ(trace.arrivals[1].due, 100ms);
}

TEST(ParseLoad, gamma_and_jitter_have_their_number) {
  EXPECT_EQ(parsed("{shape: gamma, rate: 5/s, burstiness: 2.5, sessions: 9}").load.burstiness, 2.5);
  EXPECT_EQ(parsed("{shape: jitter, rate: 5/s, jitter: 30%, sessions: 9}").load.jitter, 0.3);
}

TEST(ParseLoad, a_warm_up_is_a_time_or_a_number_of_sessions) {
  const auto warm_up = [](const std::string& load) { return schedule_of(parsed(load), 0).warm_up; };
  EXPECT_EQ(warm_up("{shape: closed, sessions: 9, warm_up: 5s}").span, 5s);
  EXPECT_EQ(warm_up("{shape: closed, duration: 9s, warm_up: 500}").sessions, 500u);
  EXPECT_EQ(warm_up("{shape: poisson, rate: 5/s, duration: 9s, warm_up: 44}").sessions, 44u);
  EXPECT_EQ(warm_up("{shape: trace, trace: {text: \"time\\n0\\n7\"}, warm_up: 7s}").span, 7s);
}

TEST(ParseLoad, a_trace_gives_times_and_bodies) {
  const Scenario scenario = parsed(
      "{shape: trace, trace: {text: \"time,in,output_tokens\\n5,2,3\\n6,4,5\", columns: "
      "{input_tokens: in}}}",
      "${input_tokens}/${output_tokens}");
  const Schedule schedule = schedule_of(scenario, 0);
  ASSERT_EQ(schedule.arrivals.size(), 2u);
  EXPECT_EQ(schedule.arrivals[1].due, 1s);
  const auto body = [&](std::uint32_t session) {
    return schedule.requests[schedule.plan_of(session).stages[0].calls[0]].body;
  };
  EXPECT_EQ(body(0), "2/3");
  EXPECT_EQ(body(1), "4/5");
}

struct Mistake {
  std::string load, expected, body = "hello";
};

void PrintTo(const Mistake& mistake, std::ostream* out) {
  *out << mistake.load;
}

class LoadMistake : public ::testing::TestWithParam<Mistake> {};

TEST_P(LoadMistake, is_reported_with_line_and_key) {
  const std::string error = error_of(GetParam().load, GetParam().body);
  EXPECT_THAT(error, ::testing::StartsWith("my.yaml:"));
  EXPECT_THAT(error, HasSubstr(GetParam().expected));
}

INSTANTIATE_TEST_SUITE_P(
    All, LoadMistake,
    ::testing::Values(
        Mistake{"{shape: constant, rate: [], sessions: 5}", "load.rate: needs a stage"},
        Mistake{"{shape: constant, rate: [{rate: 0, for: 1s}]}", "load.rate: needs a stage"},
        Mistake{"{shape: constant, rate: [{rate: 5/s}]}", "load.rate[0]: the key 'for'"},
        Mistake{"{shape: constant, rate: [{rate: 5/s, for: 0}]}", "load.rate[0].for"},
        Mistake{"{shape: constant, rate: [{rate: 5/s, for: 9000h}]}", "load.rate[0].for"},
        Mistake{"{shape: constant, rate: [{rate: 1/s, for: 5000h}, {rate: 1/s, for: 5000h}]}",
                "load.rate[1]: the stages"},
        Mistake{"{shape: constant, rate: [{rate: 5, for: 1s}]}", "load.rate[0].rate: expected a r"},
        Mistake{"{shape: constant, rate: [{rate: 2000000/s, for: 1s}]}", "at most 1000000/s"},
        Mistake{"{shape: constant, rate: [{from: 5/s, for: 1s}]}", "the key 'to' is missing"},
        Mistake{"{shape: constant, rate: [{from: 5/s, rate: 5/s, for: 1s}]}", "load.rate[0]: give"},
        Mistake{"{shape: constant, rate: 0/s, sessions: 5}", "load.rate: expected a rate above 0"},
        Mistake{"{shape: constant, rate: [{rate: 5/s, for: 1s}], bursts: {on: 1s, off: 1s}}",
                "load.bursts: bursts go with one rate"},
        Mistake{"{shape: constant, rate: 5/s, bursts: {on: 1s}, sessions: 5}", "the key 'off'"},
        Mistake{"{shape: constant, rate: 5/s, bursts: {on: 0, off: 1s}, sessions: 5}",
                "load.bursts.on"},
        Mistake{"{shape: batch, bursts: {on: 1s, off: 1s}, sessions: 5}", "load.bursts"},
        Mistake{"{shape: gamma, rate: 5/s, sessions: 5}", "the key 'burstiness' is missing"},
        Mistake{"{shape: gamma, rate: 5/s, burstiness: 0, sessions: 5}", "load.burstiness"},
        Mistake{"{shape: poisson, rate: 5/s, burstiness: 2, sessions: 5}", "shape gamma only"},
        Mistake{"{shape: jitter, rate: 5/s, sessions: 5}", "the key 'jitter' is missing"},
        Mistake{"{shape: jitter, rate: 5/s, jitter: 2, sessions: 5}", "load.jitter"},
        Mistake{"{shape: gamma, rate: 5/s, jitter: 1, sessions: 5}", "shape jitter only"},
        Mistake{"{shape: batch, sessions: 5, warm_up: 1}", "load.warm_up"},
        Mistake{"{shape: closed, sessions: 5, warm_up: 5}", "load.warm_up: expected"},
        Mistake{"{shape: closed, duration: 5s, warm_up: 5s}", "load.warm_up: expected"},
        Mistake{"{shape: closed, duration: 5s, warm_up: long}", "load.warm_up: expected"},
        Mistake{"{shape: constant, rate: 10/s, duration: 5s, warm_up: 50}", "load.warm_up"},
        Mistake{"{shape: constant, rate: 10/s, sessions: 50, warm_up: 5s}", "load.warm_up"},
        Mistake{"{shape: trace, trace: {text: \"time\\n0\\n7\"}, warm_up: 8s}", "load.warm_up"},
        Mistake{"{shape: trace, trace: {text: \"time\\n0\\n7\"}, warm_up: 2}", "load.warm_up"},
        Mistake{"{shape: trace}", "the key 'trace' is missing"},
        Mistake{"{shape: trace, rate: 5/s, trace: {text: \"time\\n0\"}}", "load.rate"},
        Mistake{"{shape: closed, sessions: 1, trace: {text: \"time\\n0\"}}", "load.trace"},
        Mistake{"{shape: trace, sessions: 0, trace: {text: \"time\\n0\"}}", "of more than 0"},
        Mistake{"{shape: trace, trace: {file: a.csv, text: a}}", "load.trace: needs either"},
        Mistake{"{shape: trace, trace: {file: none.csv}}", "load.trace.file: cannot read"},
        Mistake{"{shape: trace, trace: {text: \"time\\n0\\nx\"}}",
                "load.trace.text: line 3: time: expected"},
        Mistake{"{shape: trace, trace: {text: \"t\\n0\", columns: {time: x}}}", "no column 'x'"},
        Mistake{"{shape: trace, trace: {text: \"time\\n0\"}}", "body: the trace has no column of i",
                "${input_text}"},
        Mistake{"{shape: trace, trace: {text: \"time\\n0\"}}",
                "body: ${inputs} is not one of ${inp", "${inputs}"},
        Mistake{"{shape: batch, sessions: 1}", "body: only the shape trace", "${output_tokens}"}));

}  // namespace
}  // namespace atonce
