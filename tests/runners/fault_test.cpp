#include <string>

#include "tests/runners/conformance.h"

namespace atonce {
namespace {

using namespace std::chrono_literals;

struct FaultCase {
  std::string path;
  Outcome outcome;
  std::uint16_t status = 0;
};

const std::vector<FaultCase> faults{
    {"/status?404", Outcome::http_status, 404},
    {"/status?500", Outcome::http_status, 500},
    {"/status?429", Outcome::rate_limited, 429},
    {"/redirect", Outcome::ok, 302},
    {"/chunks", Outcome::ok, 200},
    {"/continue", Outcome::ok, 200},
    {"/until-close", Outcome::ok, 200},
    {"/ok-then-close", Outcome::ok, 200},
    {"/gzip-in-name-only", Outcome::ok, 200},
    {"/sse", Outcome::ok, 200},
    {"/sse-crlf", Outcome::ok, 200},
    {"/sse-error", Outcome::stream_error, 200},
    {"/sse-no-end", Outcome::truncated, 200},
    {"/sse-cut", Outcome::truncated, 200},
    {"/sse-reset", Outcome::reset, 200},
    {"/sse-bad-json", Outcome::malformed, 200},
    {"/sse-bad-chunk", Outcome::malformed, 200},
    {"/reset", Outcome::reset},
    {"/close", Outcome::closed_early},
    {"/half-status-line", Outcome::closed_early},
    {"/half-head", Outcome::closed_early},
    {"/cut-body", Outcome::truncated, 200},
    {"/cut-chunks", Outcome::truncated, 200},
    {"/reset-body", Outcome::reset, 200},
    {"/reset-chunks", Outcome::reset, 200},
    {"/bad-status-line", Outcome::malformed},
    {"/bad-version", Outcome::malformed},
    {"/bad-status", Outcome::malformed},
    {"/bad-length", Outcome::malformed},
    {"/bad-chunk", Outcome::malformed, 200},
};

class FaultTest : public testing::TestWithParam<std::tuple<Contender, FaultCase>> {
 protected:
  const Contender& contender() const { return std::get<0>(GetParam()); }
  const FaultCase& fault() const { return std::get<1>(GetParam()); }

  std::unique_ptr<Played> play_fault(const Schedule& schedule, bool keep_alive) {
    const Policy policy{.cap = 4, .attempt_timeout = 5s};
    return play(
        contender(),
        {.url = server.url(), .schedule = schedule, .policy = policy, .keep_alive = keep_alive});
  }

  void expect_fault(const Sample& sample) {
    EXPECT_EQ(name(sample.outcome), name(fault().outcome));
    if (fault().status != 0) {
      EXPECT_EQ(sample.status, fault().status);
    }
    EXPECT_NE(sample.at.connected, unset);
    EXPECT_NE(sample.at.sent, unset);
  }

  ScriptedServer server;
};

TEST_P(FaultTest, gives_its_outcome_and_leaves_nothing_behind) {
  for (const bool keep_alive : {true, false}) {
    const auto played = play_fault(batch(fault().path, 6), keep_alive);
    EXPECT_EQ(played->attempts(fault().outcome), 6u);
    for (const Sample& sample : played->recorder.attempts()) expect_fault(sample);
    EXPECT_LT(played->took(), 4s) << "something waited for a time-out";
  }
  EXPECT_TRUE(server.wait_until_quiet());
  EXPECT_EQ(server.witness().requests.size(), 12u);
  EXPECT_EQ(server.witness().in_flight, 0u);
}

/// On a connection that was used before, a library may be tempted to send the request again.
TEST_P(FaultTest, is_sent_once_even_on_a_reused_connection) {
  const auto played = play_fault(stages({{"/ok"}, {fault().path}}, 6), true);
  for (const Sample& sample : played->recorder.attempts()) {
    if (sample.id.call != 1) continue;
    EXPECT_EQ(server.witness().by_id[to_hex(sample.id)], 1);
    expect_fault(sample);
  }
  EXPECT_EQ(server.witness().requests.size(), 12u);
}

std::string name(const testing::TestParamInfo<FaultTest::ParamType>& info) {
  std::string fault = std::get<1>(info.param).path.substr(1);
  std::ranges::replace_if(
      fault, [](char c) { return c == '-' || c == '?'; }, '_');
  return name(std::get<0>(info.param)) + "_" + fault;
}

INSTANTIATE_TEST_SUITE_P(runners, FaultTest,
                         testing::Combine(testing::ValuesIn(contenders()),
                                          testing::ValuesIn(faults)),
                         [](const auto& each) { return name(each); });

}  // namespace
}  // namespace atonce
