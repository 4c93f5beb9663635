#include "tests/runners/conformance.h"

namespace atonce {
namespace {

using namespace std::chrono_literals;
using testing::Each;
using testing::Pair;
using testing::SizeIs;

using Conformance = ConformanceTest;

TEST_P(Conformance, every_attempt_reaches_the_server_exactly_once) {
  const auto played =
      play({.url = server.url(), .schedule = batch("/ok", 200), .policy = {.cap = 8}});
  EXPECT_EQ(played->calls(Outcome::ok), 200u);
  EXPECT_EQ(played->recorder.attempt_count(), 200u);
  EXPECT_THAT(server.witness().by_id, SizeIs(200));
  EXPECT_THAT(server.witness().by_id, Each(Pair(SizeIs(16), 1)));
}

TEST_P(Conformance, in_flight_reaches_the_cap_and_never_exceeds_it) {
  for (const std::size_t cap : {1, 3, 8}) {
    ScriptedServer own;
    play({.url = own.url(), .schedule = batch("/delay?30", 4 * cap), .policy = {.cap = cap}});
    EXPECT_EQ(own.witness().peak_in_flight, GetParam().reach(cap));
  }
}

TEST_P(Conformance, a_result_belongs_to_the_call_that_asked_for_it) {
  const std::vector<std::string> targets{"/status?200", "/status?201", "/status?404",
                                         "/status?429", "/status?500", "/status?503"};
  const auto played =
      play({.url = server.url(), .schedule = stages({targets}, 20), .policy = {.cap = 16}});
  for (const Sample& sample : played->recorder.attempts()) {
    EXPECT_EQ(sample.status, std::stoul(targets[sample.id.call].substr(8)));
    EXPECT_EQ(sample.outcome, outcome_of_status(sample.status));
    EXPECT_EQ(sample.body_bytes, 4u);
  }
  EXPECT_EQ(played->calls(Outcome::ok), 40u);
  EXPECT_EQ(played->calls(Outcome::rate_limited), 20u);
  EXPECT_EQ(played->calls(Outcome::http_status), 60u);
}

TEST_P(Conformance, stamps_are_complete_and_in_order) {
  const auto played =
      play({.url = server.url(), .schedule = batch("/delay?10", 20), .policy = {.cap = 4}});
  for (const Sample& sample : played->recorder.attempts()) {
    const Stamps& at = sample.at;
    const std::vector<Instant> stamps{at.due,       at.ready, at.unblocked,  at.admitted,
                                      at.connected, at.sent,  at.first_byte, at.done};
    EXPECT_TRUE(std::ranges::is_sorted(stamps));
    EXPECT_NE(stamps.front(), unset);
    EXPECT_GE(at.first_byte - at.sent, 10ms);
  }
}

TEST_P(Conformance, nothing_is_sent_before_it_is_due) {
  const SessionPlan plan{.stages = {{.name = "only", .calls = {0}, .after = {}}}};
  const Schedule schedule = make_schedule(
      {.shape = LoadShape::constant, .sessions = 40, .rate = 200}, plan, {get("/ok")}, 1);
  const auto played = play({.url = server.url(), .schedule = schedule, .policy = {.cap = 4}});
  ASSERT_EQ(played->recorder.attempts().size(), 40u);
  for (const Sample& sample : played->recorder.attempts()) {
    EXPECT_EQ(sample.at.due, played->begun + schedule.arrivals[sample.id.session].due);
    EXPECT_GE(sample.at.sent, sample.at.due);
  }
}

TEST_P(Conformance, a_stage_starts_when_the_one_before_is_complete) {
  const auto played = play({.url = server.url(),
                            .schedule = stages({{"/delay?5", "/delay?15"}, {"/ok", "/ok"}}, 10),
                            .policy = {.cap = 8}});
  EXPECT_EQ(played->calls(Outcome::ok), 40u);
  std::map<std::uint32_t, Instant> first_stage_done, second_stage_sent;
  for (const Sample& sample : played->recorder.attempts()) {
    const std::uint32_t session = sample.id.session;
    if (sample.id.call < 2) {
      first_stage_done[session] = std::max(first_stage_done[session], sample.at.done);
    } else {
      const auto [sent, first] = second_stage_sent.try_emplace(session, sample.at.sent);
      sent->second = std::min(sent->second, sample.at.sent);
    }
  }
  for (const auto& [session, sent] : second_stage_sent)
    EXPECT_GE(sent, first_stage_done.at(session));
}

TEST_P(Conformance, no_calls_at_all_end_at_once) {
  const auto played =
      play({.url = server.url(), .schedule = batch("/ok", 0), .policy = {.cap = 4}});
  EXPECT_EQ(played->ledger.scheduled, 0u);
  EXPECT_THAT(server.witness().requests, SizeIs(0));
}

TEST_P(Conformance, one_call_is_sent_whatever_the_cap) {
  for (const std::size_t cap : {std::size_t{1}, std::size_t{50}, unlimited}) {
    const auto played =
        play({.url = server.url(), .schedule = batch("/ok", 1), .policy = {.cap = cap}});
    EXPECT_EQ(played->calls(Outcome::ok), 1u);
  }
  EXPECT_THAT(server.witness().requests, SizeIs(3));
}

TEST_P(Conformance, without_a_cap_all_calls_are_in_flight_together) {
  const auto played = play({.url = server.url(), .schedule = batch("/delay?60", 8), .policy = {}});
  EXPECT_EQ(played->calls(Outcome::ok), 8u);
  EXPECT_EQ(server.witness().peak_in_flight, GetParam().reach(8));
}

TEST_P(Conformance, a_failed_call_is_tried_again_under_a_new_id) {
  const Policy policy{.cap = 4, .retry = {.max_attempts = 3, .base = 5ms}};
  const auto played =
      play({.url = server.url(), .schedule = batch("/status?503", 5), .policy = policy});
  EXPECT_EQ(played->calls(Outcome::http_status), 5u);
  EXPECT_EQ(played->attempts(Outcome::http_status), 15u);
  EXPECT_THAT(server.witness().by_id, SizeIs(15));
}

ATONCE_FOR_EVERY_CONTENDER(Conformance);

}  // namespace
}  // namespace atonce
