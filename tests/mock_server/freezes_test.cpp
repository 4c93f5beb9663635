#include "mock_server/freezes.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <random>

#include "tests/mock_server/served.h"

namespace atonce::mock {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr Instant start = from_ns(1'000'000'000);

/// Until when a write due `since_start` waits, since the start.
Nanos thawed(const std::vector<Freeze>& list, Nanos since_start, double time_scale = 1) {
  Freezes freezes(list, time_scale);
  freezes.begin(start);
  return freezes.thaw(start + since_start) - start;
}

TEST(Freezes, put_off_what_falls_into_them_and_nothing_else) {
  const std::vector<Freeze> once{{.at = 4s, .span = 1s}};
  EXPECT_EQ(thawed(once, 0s), 0s);
  EXPECT_EQ(thawed(once, 4s - 1ns), 4s - 1ns);
  EXPECT_EQ(thawed(once, 4s), 5s);
  EXPECT_EQ(thawed(once, 5s - 1ns), 5s);
  EXPECT_EQ(thawed(once, 5s), 5s);
  EXPECT_EQ(thawed(once, 14s), 14s);
}

TEST(Freezes, come_back_after_every_period) {
  const std::vector<Freeze> repeated{{.at = 4s, .span = 1s, .every = 10s}};
  EXPECT_EQ(thawed(repeated, 3s), 3s);
  EXPECT_EQ(thawed(repeated, 13s), 13s);
  EXPECT_EQ(thawed(repeated, 1'000'004s + 500ms), 1'000'005s);
}

TEST(Freezes, that_follow_each_other_without_a_gap_are_one) {
  const std::vector<Freeze> chain{
      {.at = 3s, .span = 1s}, {.at = 1s, .span = 1500ms}, {.at = 2s, .span = 1s}};
  EXPECT_EQ(thawed(chain, 1s), 4s);
  EXPECT_EQ(thawed(chain, 4s), 4s);
}

TEST(Freezes, are_scaled) {
  const std::vector<Freeze> repeated{{.at = 4s, .span = 1s, .every = 10s}};
  EXPECT_EQ(thawed(repeated, 450ms, 0.1), 500ms);
  EXPECT_EQ(thawed(repeated, 1'450ms, 0.1), 1'500ms);
  EXPECT_EQ(thawed(repeated, 4us, 1e-6), 5us);
  EXPECT_EQ(thawed({{.at = 0s, .span = 1ms}}, 0us, 1e-6), 0us) << "too short to be told";
}

TEST(Freezes, begin_with_the_first_attempt) {
  Freezes freezes({{.at = 0s, .span = 1s}}, 1);
  EXPECT_EQ(freezes.thaw(start), start);
  freezes.begin(start);
  freezes.begin(start + 5s);
  EXPECT_EQ(freezes.thaw(start), start + 1s);
  EXPECT_EQ(freezes.thaw(start + 5s), start + 5s);
}

TEST(Freezes, have_an_end_however_many_there_are) {
  std::mt19937_64 random(1);
  for (int round = 0; round < 200; ++round) {
    std::vector<Freeze> list;
    for (int i = 0; i < 3; ++i) {
      const Nanos every{1'000'000 + static_cast<std::int64_t>(random() % 1'000'000'000)};
      list.push_back({.at = Nanos{static_cast<std::int64_t>(random() % 1'000'000'000)},
                      .span = every * 33 / 100,
                      .every = every});
    }
    Freezes freezes(list, 1);
    freezes.begin(start);
    for (int i = 0; i < 100; ++i) {
      const Instant at = start + Nanos{static_cast<std::int64_t>(random() % 10'000'000'000)};
      const Instant end = freezes.thaw(at);
      ASSERT_GE(end, at);
      ASSERT_EQ(freezes.thaw(end), end);
    }
  }
}

std::string error_of(const std::string& freezes) {
  try {
    parse_server_config(ConfigNode::parse("routes: []\nfreezes: " + freezes + "\n", "a.yaml"));
    return "";
  } catch (const ConfigError& error) {
    return error.what();
  }
}

TEST(Freezes, are_read_from_the_configuration) {
  const auto config = parse_server_config(ConfigNode::parse(
      "routes: []\nfreezes: [{at: 4s, for: 1s}, {at: 0s, for: 10ms, every: 2s}]", "a.yaml"));
  ASSERT_EQ(config.freezes.size(), 2u);
  EXPECT_EQ(config.freezes[0].at, 4s);
  EXPECT_EQ(config.freezes[0].span, 1s);
  EXPECT_FALSE(config.freezes[0].every);
  EXPECT_EQ(config.freezes[1].every, 2s);
}

TEST(Freezes, that_make_no_sense_are_refused_with_line_and_key) {
  EXPECT_THAT(error_of("[{at: 1s}]"), HasSubstr("a.yaml:2: freezes[0]: the key 'for' is missing"));
  EXPECT_THAT(error_of("[{at: 1s, for: 0s}]"), HasSubstr("a.yaml:2: freezes[0].for: "));
  EXPECT_THAT(error_of("[{at: 1s, for: 2s, every: 2s}]"), HasSubstr("freezes[0].every: "));
  EXPECT_THAT(error_of("[{at: 1s, for: 1s, evry: 2s}]"), HasSubstr("did you mean 'every'"));
  EXPECT_THAT(error_of("[{at: 0s, for: 1s, every: 2s}, {at: 1s, for: 1s, every: 2s}]"),
              HasSubstr("a.yaml:2: freezes[1]: the server would be frozen"));
}

// Over the wire.

Instant due_of(const AttemptTruth& truth) {
  return truth.arrived + truth.queued + truth.planned;
}

/// Whether its write kept to the freezes.
void expect_kept(const AttemptTruth& truth, const Freezes& freezes) {
  EXPECT_GE(truth.last_write, due_of(truth) + truth.frozen);
  EXPECT_GE(truth.first_write, freezes.thaw(due_of(truth)));
  EXPECT_LE(due_of(truth) + truth.frozen, freezes.thaw(due_of(truth)));
}

TEST(Frozen, a_server_answers_at_the_end_and_stamps_arrivals_meanwhile) {
  const Served served("freezes: [{at: 0ms, for: 400ms}]\nroutes: [{path: /a, latency: 10ms}]");
  std::vector<RawClient> clients;
  for (int i = 0; i < 5; ++i) clients.emplace_back(served.port());
  const Instant sent = now();
  for (RawClient& client : clients) client.send_get("/a");
  for (RawClient& client : clients) EXPECT_EQ(client.receive().status, 200);
  const auto log = served.truth();
  ASSERT_EQ(log.size(), 5u);
  const Instant first = std::ranges::min(log, {}, &AttemptTruth::arrived).arrived;
  Freezes freezes({{.at = 0ms, .span = 400ms}}, 1);
  freezes.begin(first);
  for (const AttemptTruth& truth : log) {
    expect_kept(truth, freezes);
    EXPECT_LT(truth.arrived - sent, 400ms) << "a loop that blocks would read it afterwards";
    EXPECT_GT(truth.frozen, 0ns);
    EXPECT_EQ(truth.planned, 10ms);
  }
  EXPECT_EQ(served.summary().frozen, 5u);
}

TEST(Frozen, a_server_thaws) {
  const Served served("freezes: [{at: 0ms, for: 50ms}]\nroutes: [{path: /a}]");
  RawClient client(served.port());
  EXPECT_EQ(client.get("/a").status, 200);
  EXPECT_EQ(client.get("/a").status, 200);
  const auto log = served.truth();
  EXPECT_EQ(log.at(0).first_write >= log.at(0).arrived + 50ms, true);
  EXPECT_EQ(log.at(0).frozen <= 50ms, true);
  EXPECT_EQ(log.at(1).frozen, 0ns);
  EXPECT_EQ(served.summary().frozen, 1u);
}

TEST(Frozen, begins_anew_after_a_reset_in_the_new_scale) {
  const Served served("freezes: [{at: 0s, for: 10s}]\nroutes: [{path: /a}]");
  served.reset("?time_scale=0.005");
  for (int round = 0; round < 2; ++round) {
    RawClient client(served.port());
    EXPECT_EQ(client.get("/a").status, 200);
    EXPECT_EQ(served.summary().frozen, 1u);
    const auto truth = served.truth().at(0);
    EXPECT_GE(truth.first_write, truth.arrived + 50ms);
    served.reset();
  }
}

TEST(Frozen, also_errors_refusals_and_ends_of_connections_wait) {
  const Served served(
      "freezes: [{at: 0ms, for: 100ms}]\n"
      "routes:\n"
      "  - {path: /reset, faults: [{fault: reset, share: 100%, at_once: true}]}\n"
      "  - {path: /failed, faults: [{fault: status, share: 100%, status: 500}]}\n");
  RawClient reset(served.port()), failed(served.port()), unknown(served.port());
  reset.send_get("/reset");
  failed.send_get("/failed");
  unknown.send_get("/unknown");
  EXPECT_EQ(failed.receive().status, 500);
  EXPECT_EQ(unknown.receive().status, 404);
  EXPECT_TRUE(reset.sees_reset());
  const auto log = served.truth();
  ASSERT_EQ(log.size(), 3u);
  const Instant thaw = std::ranges::min(log, {}, &AttemptTruth::arrived).arrived + 100ms;
  for (const AttemptTruth& truth : log)
    EXPECT_GE(truth.closed == unset ? truth.first_write : truth.closed, thaw);
}

TEST(Frozen, a_client_that_leaves_is_noticed) {
  const Served served("freezes: [{at: 0s, for: 60s}]\nroutes: [{path: /a}]");
  RawClient client(served.port());
  client.send_get("/a");
  ASSERT_TRUE(served.wait_until([](const auto& summary) { return summary.in_flight == 1; }));
  client.close();
  ASSERT_TRUE(served.wait_until([](const auto& summary) { return summary.aborted == 1; }));
  EXPECT_EQ(served.summary().frozen, 1u);
  const AttemptTruth truth = served.truth().at(0);
  EXPECT_LE(truth.arrived + truth.frozen, truth.closed);
}

TEST(Frozen, workers_end_their_services_with_the_freeze) {
  const Served served(
      "freezes: [{at: 0ms, for: 200ms}]\n"
      "routes: [{path: /a, capacity: {workers: 1, service: 5ms}}]");
  std::vector<RawClient> clients;
  for (int i = 0; i < 4; ++i) clients.emplace_back(served.port());
  for (RawClient& client : clients) client.send_get("/a");
  for (RawClient& client : clients) EXPECT_EQ(client.receive().status, 200);
  auto log = served.truth();
  std::ranges::sort(log, {}, &AttemptTruth::arrived);
  ASSERT_EQ(log.size(), 4u);
  EXPECT_EQ(due_of(log[0]) + log[0].frozen, log[0].arrived + 200ms);
  for (std::size_t i = 1; i < log.size(); ++i) {
    const Instant freed = due_of(log[i - 1]) + log[i - 1].frozen;
    EXPECT_EQ(log[i].arrived + log[i].queued, std::max(freed, log[i].arrived));
    EXPECT_GE(log[i].first_write, due_of(log[i]) + log[i].frozen);
  }
}

TEST(Frozen, latency_after_a_service_counts_from_the_end_of_the_freeze) {
  const Served served(
      "freezes: [{at: 0ms, for: 100ms}]\n"
      "routes: [{path: /a, latency: 20ms, capacity: {workers: 1, service: 1ms}}]");
  RawClient client(served.port());
  EXPECT_EQ(client.get("/a").status, 200);
  const AttemptTruth truth = served.truth().at(0);
  EXPECT_EQ(truth.planned, 21ms);
  EXPECT_EQ(truth.frozen, 99ms);
  EXPECT_GE(truth.first_write, truth.arrived + 120ms);
}

void ask(RawClient& client, bool is_stream) {
  client.send_post(
      "/v1/chat/completions",
      std::string(R"({"model": "m", "messages": [{"role": "user", "content": "a"}],)") +
          R"( "stream": )" + (is_stream ? "true}" : "false}"));
}

RawResponse stream_from(const Served& served) {
  RawClient client(served.port());
  ask(client, true);
  return client.receive();
}

/// Twenty-one tokens, 20 ms apart.
std::string streaming(const std::string& freeze, const std::string& more = "") {
  return "freezes: [" + freeze +
         "]\nroutes: [{path: /v1/chat/completions,"
         " llm: {api: openai, gap: 20ms, tokens: 21}" +
         more + "}]";
}

TEST(Frozen, tokens_wait_and_those_after_the_freeze_keep_their_deadlines) {
  const Served served(streaming("{at: 30ms, for: 100ms}"));
  EXPECT_EQ(stream_from(served).status, 200);
  const AttemptTruth truth = served.truth().at(0);
  ASSERT_EQ(truth.token_writes.size(), 21u);
  for (std::size_t i = 0; i < 21; ++i) {
    const Nanos due = 20ms * static_cast<int>(i);
    const bool is_frozen = due >= 30ms && due < 130ms;
    EXPECT_GE(truth.token_writes[i], truth.arrived + (is_frozen ? 130ms : due)) << i;
  }
  EXPECT_EQ(truth.planned, 400ms);
  EXPECT_EQ(truth.frozen, 0ns) << "the last write was not put off";
  EXPECT_EQ(served.summary().frozen, 1u);
}

TEST(Frozen, a_stream_whose_end_is_put_off_says_by_how_much) {
  const Served served(streaming("{at: 350ms, for: 250ms}"));
  EXPECT_EQ(stream_from(served).status, 200);
  const AttemptTruth truth = served.truth().at(0);
  EXPECT_GE(truth.last_write, truth.arrived + 600ms);
  EXPECT_GE(truth.last_write, due_of(truth) + truth.frozen);
  EXPECT_GT(truth.frozen, 0ns);
}

TEST(Frozen, an_answer_in_tokens_keeps_its_worker_until_it_is_written) {
  const Served served(streaming("{at: 350ms, for: 250ms}", ", capacity: {workers: 1}"));
  RawClient first(served.port()), second(served.port());
  ask(first, false);
  ASSERT_TRUE(served.wait_until([](const auto& summary) { return summary.in_flight == 1; }));
  ask(second, true);
  EXPECT_EQ(first.receive().status, 200);
  EXPECT_EQ(second.receive().status, 200);
  const auto log = served.truth();
  ASSERT_EQ(log.size(), 2u);
  EXPECT_GT(log[0].frozen, 0ns);
  EXPECT_EQ(log[1].arrived + log[1].queued, due_of(log[0]) + log[0].frozen);
}

}  // namespace
}  // namespace atonce::mock
