#include "core/verdict.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/result.h"

namespace atonce {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// 100 calls of 50 ms at cap 10, nothing wrong with them.
TrialResult flawless() {
  TrialResult trial;
  trial.key = {.runner = "curl_multi", .transport = {}, .cap = 10, .connections = 10};
  trial.ledger.scheduled = trial.attempts = 100;
  trial.ledger.calls[index(Outcome::ok)] = trial.attempt_outcomes[index(Outcome::ok)] = 100;
  trial.peak_in_flight = 10;
  trial.usage.wall = seconds{1};
  trial.usage.cpu_user = milliseconds{100};
  trial.metrics[index(Metric::service_time)].ok.record_n(milliseconds{50}, 100);
  trial.metrics[index(Metric::send_lag)].ok.record_n(Nanos{20'000}, 100);
  trial.server = ServerWitness{.attempts = 100, .peak_in_flight = 10};
  return trial;
}

/// `flawless`, but for this many attempts that ended otherwise.
TrialResult with_failures(Outcome outcome, std::uint64_t attempts) {
  TrialResult trial = flawless();
  for (auto* counts : {&trial.ledger.calls, &trial.attempt_outcomes}) {
    (*counts)[index(Outcome::ok)] -= attempts;
    (*counts)[index(outcome)] += attempts;
  }
  return trial;
}

std::vector<std::string> codes(const TrialResult& trial) {
  std::vector<std::string> result;
  for (const VerdictReason& reason : judge(trial).reasons) result.push_back(reason.code);
  return result;
}

TEST(Verdict, a_flawless_trial_is_valid) {
  EXPECT_THAT(codes(flawless()), IsEmpty());
  EXPECT_EQ(judge(flawless()).level(), VerdictLevel::valid);
}

TEST(Verdict, level_is_that_of_the_worst_reason) {
  Verdict verdict;
  verdict.reasons = {{VerdictLevel::suspect, "a", ""}, {VerdictLevel::invalid, "b", ""}};
  EXPECT_EQ(verdict.level(), VerdictLevel::invalid);
  verdict.reasons.pop_back();
  EXPECT_EQ(verdict.level(), VerdictLevel::suspect);
}

TEST(Verdict, a_crash_makes_a_trial_invalid_and_says_why) {
  TrialResult trial;
  trial.status = TrialStatus::crashed;
  trial.error = "killed by signal 11";
  trial.ledger.scheduled = 100;
  EXPECT_THAT(codes(trial), ElementsAre("crashed"));
  EXPECT_EQ(judge(trial).level(), VerdictLevel::invalid);
  EXPECT_EQ(judge(trial).reasons.front().message, "killed by signal 11");
}

TEST(Verdict, an_interrupted_trial_is_suspect) {
  TrialResult trial = flawless();
  trial.status = TrialStatus::interrupted;
  trial.server->attempts = 42;
  EXPECT_THAT(codes(trial), ElementsAre("interrupted"));
  EXPECT_EQ(judge(trial).level(), VerdictLevel::suspect);
}

TEST(Verdict, a_lost_call_makes_a_trial_invalid) {
  TrialResult trial = flawless();
  --trial.ledger.calls[index(Outcome::ok)];
  EXPECT_THAT(codes(trial), ElementsAre("not_conserved"));
  EXPECT_EQ(judge(trial).level(), VerdictLevel::invalid);
  EXPECT_THAT(judge(trial).reasons.front().message, HasSubstr("99"));
}

TEST(Verdict, the_server_must_have_seen_every_attempt_and_no_other) {
  for (const std::uint64_t seen : {99, 101}) {
    TrialResult trial = flawless();
    trial.server->attempts = seen;
    EXPECT_THAT(codes(trial), ElementsAre("server_count_mismatch"));
    EXPECT_EQ(judge(trial).level(), VerdictLevel::invalid);
  }
}

TEST(Verdict, attempts_that_never_connected_are_not_expected_at_the_server) {
  for (const Outcome outcome :
       {Outcome::connect_refused, Outcome::connect_timeout, Outcome::dns, Outcome::tls}) {
    TrialResult trial = with_failures(outcome, 5);
    trial.server->attempts = 95;
    EXPECT_THAT(codes(trial), IsEmpty()) << name(outcome);
    trial.server->attempts = 96;
    EXPECT_THAT(codes(trial), ElementsAre("server_count_mismatch")) << name(outcome);
  }
}

TEST(Verdict, attempts_that_were_cut_off_may_have_reached_the_server_or_not) {
  for (const Outcome outcome : {Outcome::read_timeout, Outcome::cancelled, Outcome::deadline,
                                Outcome::reset, Outcome::closed_early}) {
    TrialResult trial = with_failures(outcome, 5);
    for (const std::uint64_t seen : {95, 98, 100}) {
      trial.server->attempts = seen;
      EXPECT_THAT(codes(trial), IsEmpty()) << name(outcome) << " " << seen;
    }
    trial.server->attempts = 94;
    EXPECT_THAT(codes(trial), ElementsAre("server_count_mismatch")) << name(outcome);
  }
}

TEST(Verdict, more_in_flight_at_the_server_than_the_cap_allows_is_invalid) {
  TrialResult trial = flawless();
  trial.server->peak_in_flight = 11;
  EXPECT_THAT(codes(trial), ElementsAre("server_peak_above_cap"));
  EXPECT_EQ(judge(trial).level(), VerdictLevel::invalid);
  trial.key.cap = unlimited;
  EXPECT_THAT(codes(trial), IsEmpty());
}

TEST(Verdict, the_server_may_still_hold_attempts_that_the_client_gave_up) {
  TrialResult trial = with_failures(Outcome::read_timeout, 5);
  trial.server->peak_in_flight = 15;
  EXPECT_THAT(codes(trial), IsEmpty());
  trial.server->peak_in_flight = 16;
  EXPECT_THAT(codes(trial), ElementsAre("server_peak_above_cap"));
}

TEST(Verdict, connections_left_open_are_suspect) {
  TrialResult trial = flawless();
  trial.server->open_connections = 2;
  EXPECT_THAT(codes(trial), ElementsAre("connections_left_open"));
  EXPECT_EQ(judge(trial).level(), VerdictLevel::suspect);
}

TEST(Verdict, a_client_that_used_all_cores_it_could_use_is_suspect) {
  TrialResult trial = flawless();
  trial.usage.cpu_user = milliseconds{900};
  trial.usage.cpu_system = milliseconds{60};
  EXPECT_THAT(codes(trial), ElementsAre("client_cpu_saturated"));

  trial.usage.cores = 4;  // its one thread is saturated all the same
  EXPECT_THAT(codes(trial), ElementsAre("client_cpu_saturated"));
  trial.key.threads = 8;
  EXPECT_THAT(codes(trial), IsEmpty());
  trial.usage.cpu_user = milliseconds{3900};
  EXPECT_THAT(codes(trial), ElementsAre("client_cpu_saturated"));
}

TEST(Verdict, cpu_is_not_judged_for_short_trials_nor_for_the_null_runner) {
  TrialResult trial = flawless();
  trial.usage.cpu_user = trial.usage.wall;
  trial.key.runner = "null";
  EXPECT_THAT(codes(trial), IsEmpty());
  trial = flawless();
  trial.usage.cpu_user = trial.usage.wall = milliseconds{99};
  EXPECT_THAT(codes(trial), IsEmpty());
}

TEST(Verdict, send_lag_has_a_budget_of_five_percent_of_the_service_time) {
  TrialResult trial = flawless();  // budget 2.5 ms
  Histogram& lag = trial.metrics[index(Metric::send_lag)].ok;
  lag.record_n(milliseconds{2}, 100);
  EXPECT_THAT(codes(trial), IsEmpty());
  lag.record_n(milliseconds{3}, 10);
  EXPECT_THAT(codes(trial), ElementsAre("send_lag_high"));
  EXPECT_EQ(judge(trial).level(), VerdictLevel::suspect);
}

TEST(Verdict, send_lag_has_a_budget_of_a_millisecond_at_least) {
  TrialResult trial = flawless();
  trial.metrics[index(Metric::service_time)].ok = {};
  Histogram& lag = trial.metrics[index(Metric::send_lag)].ok;
  lag.record_n(Nanos{900'000}, 1000);
  EXPECT_THAT(codes(trial), IsEmpty());
  lag.record_n(Nanos{1'100'000}, 1000);
  EXPECT_THAT(codes(trial), ElementsAre("send_lag_high"));
}

TEST(Verdict, send_lag_is_not_judged_where_attempts_had_to_wait_for_a_thread) {
  TrialResult serial = flawless();
  serial.peak_in_flight = serial.server->peak_in_flight = 1;
  serial.metrics[index(Metric::send_lag)].ok.record_n(seconds{5}, 100);
  EXPECT_THAT(codes(serial), IsEmpty());
}

TEST(Verdict, send_lag_is_judged_where_there_were_idle_threads) {
  TrialResult trial = flawless();
  trial.key.cap = unlimited;
  trial.key.threads = 100;
  trial.metrics[index(Metric::send_lag)].ok.record_n(seconds{5}, 100);
  EXPECT_THAT(codes(trial), ElementsAre("send_lag_high"));
}

TEST(Verdict, a_target_that_is_not_ours_is_judged_by_the_client_alone) {
  TrialResult trial = flawless();
  trial.server.reset();
  EXPECT_THAT(codes(trial), IsEmpty());
}

}  // namespace
}  // namespace atonce
