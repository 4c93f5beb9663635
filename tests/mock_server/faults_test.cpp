/// Faults: drawn for the attempt, struck on the wire, told apart in the account.

#include "mock_server/faults.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <random>

#include "tests/mock_server/served.h"

namespace atonce::mock {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr const char* mixed = R"(
    faults:
      - {fault: reset, share: 30%}
      - {fault: close, share: 20%}
      - {fault: status, status: 503, share: 0.1}
)";

std::vector<Fault> mixed_faults() {
  return parse_faults(ConfigNode::parse(mixed, "a.yaml").at("faults"));
}

TEST(DrawFault, strikes_each_kind_in_its_share) {
  const auto faults = mixed_faults();
  std::map<const Fault*, double> struck;
  constexpr std::uint32_t count = 100'000;
  for (std::uint32_t i = 0; i < count; ++i) {
    struck[draw_fault(faults, 7, AttemptId{.session = i})] += 1.0 / count;
  }
  EXPECT_NEAR(struck[&faults[0]], 0.3, 0.01);
  EXPECT_NEAR(struck[&faults[1]], 0.2, 0.01);
  EXPECT_NEAR(struck[&faults[2]], 0.1, 0.01);
  EXPECT_NEAR(struck[nullptr], 0.4, 0.01);
}

TEST(DrawFault, takes_all_or_none_at_the_ends_of_the_range) {
  const std::vector<Fault> all{{.share = 1}}, none{{.share = 0}};
  for (std::uint32_t i = 0; i < 1000; ++i) {
    EXPECT_EQ(draw_fault(all, 1, AttemptId{.session = i}), all.data());
    EXPECT_EQ(draw_fault(none, 1, AttemptId{.session = i}), nullptr);
  }
}

TEST(DrawFault, tries_each_attempt_of_a_call_anew) {
  const std::vector<Fault> half{{.share = 0.5}};
  int changed = 0;
  for (std::uint32_t i = 0; i < 1000; ++i) {
    const auto* first = draw_fault(half, 1, AttemptId{.session = i});
    if (first != draw_fault(half, 1, AttemptId{.session = i, .attempt = 1})) ++changed;
  }
  EXPECT_NEAR(changed, 500, 100);
}

TEST(Fault, strikes_the_same_attempts_in_any_order) {
  const Served served(std::string("threads: 3\nroutes:\n  - path: /a") + mixed);
  const auto faults_of = [&served](const std::vector<std::uint32_t>& sessions) {
    for (const std::uint32_t session : sessions) {
      RawClient(served.port()).get("/a", AttemptId{.session = session});
    }
    std::map<std::uint64_t, FaultKind> faults;
    for (const AttemptTruth& truth : served.truth()) faults[truth.id.packed()] = truth.fault;
    return faults;
  };
  std::vector<std::uint32_t> sessions(100);
  std::iota(sessions.begin(), sessions.end(), 0u);
  const auto in_order = faults_of(sessions);
  const auto faults = mixed_faults();
  for (const auto& [id, kind] : in_order) {
    const Fault* drawn = draw_fault(faults, 1, AttemptId::unpack(id));
    EXPECT_EQ(kind, drawn == nullptr ? FaultKind::none : drawn->kind);
  }
  served.reset();
  std::shuffle(sessions.begin(), sessions.end(), std::mt19937_64(1));
  EXPECT_EQ(faults_of(sessions), in_order);
}

TEST(Fault, leaves_no_attempt_out_of_the_account) {
  const Served served(std::string("threads: 2\nroutes:\n  - path: /a") + mixed);
  for (int i = 0; i < 200; ++i) RawClient(served.port()).get("/a");
  const auto summary = served.summary();
  EXPECT_EQ(summary.attempts, 200u);
  EXPECT_EQ(summary.completed + summary.faulted, 200u);
  EXPECT_GT(summary.faulted, 0u);
  EXPECT_GT(summary.by_status.at(503), 0u);
  EXPECT_EQ(summary.in_flight, 0u);
  EXPECT_THAT(served.page("/metrics"),
              HasSubstr("\natonce_faulted_total " + std::to_string(summary.faulted) + "\n"));
}

/// A server whose every attempt is struck by one fault.
Served struck_by(const std::string& fault) {
  return Served("limits: {idle_time: 300ms}\nroutes: [{path: /a, latency: 20ms, faults: [{" +
                fault + ", share: 100%}]}]");
}

TEST(Fault, reset_comes_as_rst_when_the_response_would_have_begun) {
  const Served served = struck_by("fault: reset");
  RawClient client(served.port());
  const Instant sent = now();
  client.send_get("/a");
  EXPECT_TRUE(client.sees_reset());
  EXPECT_GE(now() - sent, 20ms);
  const AttemptTruth truth = served.truth().at(0);
  EXPECT_EQ(truth.fault, FaultKind::reset);
  EXPECT_EQ(truth.connection_end, ConnectionEnd::reset);
  EXPECT_EQ(truth.status, 0);
  EXPECT_GE(truth.closed, truth.arrived + truth.planned);
}

TEST(Fault, at_once_does_not_wait_for_the_latency) {
  const Served served = struck_by("fault: reset, at_once: true");
  RawClient client(served.port());
  client.send_get("/a");
  EXPECT_TRUE(client.sees_reset());
  EXPECT_EQ(served.truth().at(0).planned, 0ns);
}

TEST(Fault, close_ends_the_connection_in_good_order) {
  const Served served = struck_by("fault: close");
  RawClient client(served.port());
  client.send_get("/a");
  client.send_get("/a");  // never read, which must not turn the close into a reset
  EXPECT_TRUE(client.sees_close());
  EXPECT_FALSE(client.sees_reset());
  const AttemptTruth truth = served.truth().at(0);
  EXPECT_EQ(truth.fault, FaultKind::close);
  EXPECT_EQ(truth.connection_end, ConnectionEnd::closed);
  EXPECT_EQ(served.summary().faulted, 1u);
}

TEST(Fault, stall_is_in_flight_until_the_client_leaves) {
  const Served served("routes: [{path: /a, faults: [{fault: stall, share: 100%}]}]");
  RawClient client(served.port());
  client.send_get("/a");
  ASSERT_TRUE(served.wait_until([](const auto& summary) { return summary.in_flight == 1; }));
  client.close();
  ASSERT_TRUE(served.wait_until([](const auto& summary) { return summary.faulted == 1; }));
  EXPECT_EQ(served.summary().aborted, 0u);
  EXPECT_EQ(served.truth().at(0).fault, FaultKind::stall);
  EXPECT_EQ(served.truth().at(0).connection_end, ConnectionEnd::left);
}

TEST(Fault, stall_ends_at_the_idle_time) {
  const Served served = struck_by("fault: stall");
  RawClient client(served.port());
  client.send_get("/a");
  EXPECT_TRUE(client.sees_close());
  const AttemptTruth truth = served.truth().at(0);
  EXPECT_EQ(truth.connection_end, ConnectionEnd::closed);
  EXPECT_GE(truth.closed - truth.arrived, 300ms);
}

TEST(Fault, status_is_an_answer_with_the_wait_rounded_up) {
  const Served served = struck_by("fault: status, status: 529, retry_after: 1500ms");
  RawClient client(served.port());
  const auto response = client.get("/a");
  EXPECT_EQ(response.status, 529);
  EXPECT_THAT(response.head, HasSubstr("\r\nRetry-After: 2\r\n"));
  EXPECT_THAT(response.head, HasSubstr("\r\nretry-after-ms: 1500\r\n"));
  EXPECT_EQ(client.get("/a").status, 529);
  const AttemptTruth truth = served.truth().at(0);
  EXPECT_EQ(truth.fault, FaultKind::status);
  EXPECT_EQ(truth.connection_end, ConnectionEnd::kept);
  EXPECT_EQ(served.summary().completed, 2u);
  EXPECT_EQ(served.summary().faulted, 0u);
}

TEST(Fault, wait_is_scaled_like_all_times) {
  const Served served = struck_by("fault: status, status: 429, retry_after: 10s");
  served.reset("?time_scale=0.01");
  EXPECT_THAT(RawClient(served.port()).get("/a").head, HasSubstr("\r\nretry-after-ms: 100\r\n"));
}

TEST(Fault, that_did_not_come_to_strike_is_none) {
  const Served served("routes: [{path: /a, latency: 60s, faults: [{fault: reset, share: 1}]}]");
  RawClient client(served.port());
  client.send_get("/a");
  ASSERT_TRUE(served.wait_until([](const auto& summary) { return summary.in_flight == 1; }));
  client.close();
  ASSERT_TRUE(served.wait_until([](const auto& summary) { return summary.aborted == 1; }));
  EXPECT_EQ(served.truth().at(0).fault, FaultKind::none);
  EXPECT_EQ(served.truth().at(0).connection_end, ConnectionEnd::left);
}

std::string error_of(const std::string& faults) {
  try {
    parse_server_config(
        ConfigNode::parse("routes:\n- path: /a\n  faults:\n" + faults + "\n", "a.yaml"));
    return "";
  } catch (const ConfigError& error) {
    return error.what();
  }
}

TEST(FaultConfig, mistakes_are_refused_with_line_and_key) {
  EXPECT_THAT(error_of("  - {fault: reset, share: 60%}\n  - {fault: close, share: 50%}"),
              HasSubstr("a.yaml:5: routes[0].faults[1].share: the shares add up to more"));
  EXPECT_THAT(error_of("  - {fault: rset, share: 1}"),
              HasSubstr("a.yaml:4: routes[0].faults[0].fault: expected reset, close"));
  EXPECT_THAT(error_of("  - {fault: banned, share: 1}"), HasSubstr("expected reset, close"));
  EXPECT_THAT(error_of("  - {fault: reset}"), HasSubstr("'share' is missing"));
  EXPECT_THAT(error_of("  - {fault: status, share: 1}"), HasSubstr("'status' is missing"));
  EXPECT_THAT(error_of("  - {fault: status, status: 99, share: 1}"), HasSubstr("200 to 599"));
  EXPECT_THAT(error_of("  - {fault: reset, status: 500, share: 1}"),
              HasSubstr("faults[0].status: only `fault: status`"));
  EXPECT_EQ(error_of("  - {fault: reset, share: 0.1}\n  - {fault: reset, share: 0.2}\n"
                     "  - {fault: reset, share: 0.7}"),
            "");
}

}  // namespace
}  // namespace atonce::mock
