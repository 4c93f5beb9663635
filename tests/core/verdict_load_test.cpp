/// The verdict's reasons that are about load, machine and samples.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/drift.h"
#include "core/result.h"

namespace atonce {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// 500 calls of 50 ms, due one every 2 ms at cap 40, nothing wrong with them.
TrialResult flawless() {
  TrialResult trial;
  trial.key = {.runner = "curl_multi", .transport = {}, .cap = 40, .connections = 40};
  trial.ledger.scheduled = trial.attempts = 500;
  trial.ledger.calls[index(Outcome::ok)] = trial.attempt_outcomes[index(Outcome::ok)] = 500;
  trial.peak_in_flight = 26;
  trial.usage.wall = seconds{1};
  trial.usage.cpu_user = milliseconds{100};
  trial.metrics[index(Metric::response_time)].ok.record_n(milliseconds{50}, 500);
  trial.metrics[index(Metric::service_time)].ok.record_n(milliseconds{50}, 500);
  trial.metrics[index(Metric::send_lag)].ok.record_n(Nanos{20'000}, 500);
  trial.arrivals = {.due = 500,
                    .sent = 500,
                    .last_due = milliseconds{998},
                    .last_sent = milliseconds{999},
                    .steady = true};
  trial.occupancy = {.handed_out = seconds{25}, .sampled = seconds{25} - milliseconds{10}};
  trial.head_room = {.files = 50, .files_limit = 1000, .connections = 26, .ports = 28'232};
  trial.course.assign(course_parts, milliseconds{50});
  return trial;
}

std::vector<std::string> codes(const TrialResult& trial) {
  std::vector<std::string> result;
  for (const VerdictReason& reason : judge(trial).reasons) {
    result.push_back(reason.code);
    EXPECT_EQ(reason.level, VerdictLevel::suspect);
  }
  return result;
}

std::string message(const TrialResult& trial) {
  const Verdict verdict = judge(trial);
  return verdict.reasons.empty() ? "" : verdict.reasons.front().message;
}

TEST(VerdictOfLoad, a_flawless_trial_is_valid) {
  EXPECT_THAT(codes(flawless()), IsEmpty());
}

TEST(VerdictOfLoad, a_rate_that_was_not_achieved_is_suspect) {
  TrialResult trial = flawless();
  trial.arrivals.last_sent = milliseconds{1015};
  EXPECT_THAT(codes(trial), IsEmpty()) << "0.983 of the rate";
  trial.arrivals.last_sent = milliseconds{1025};
  EXPECT_THAT(codes(trial), ElementsAre("rate_not_achieved")) << "0.974 of the rate";
  EXPECT_THAT(message(trial), HasSubstr("0.97"));
}

TEST(VerdictOfLoad, sessions_that_were_never_sent_lower_the_rate) {
  TrialResult trial = flawless();
  trial.arrivals.sent = 485;
  EXPECT_THAT(codes(trial), ElementsAre("rate_not_achieved"));
  EXPECT_THAT(message(trial), HasSubstr("485 of 500"));
}

TEST(VerdictOfLoad, a_rate_held_back_by_the_cap_or_by_too_few_threads_is_suspect_too) {
  TrialResult trial = flawless();
  trial.arrivals.last_sent = seconds{2};
  trial.peak_in_flight = 40;
  EXPECT_THAT(codes(trial), ElementsAre("rate_not_achieved"));
  EXPECT_THAT(message(trial), HasSubstr("cap of 40"));
  trial.peak_in_flight = trial.key.threads = 8;
  EXPECT_THAT(codes(trial), ElementsAre("rate_not_achieved"));
  EXPECT_THAT(message(trial), HasSubstr("all 8 threads"));
}

TEST(VerdictOfLoad, a_short_load_may_be_late_by_the_budget_of_the_send_lag) {
  TrialResult trial = flawless();
  trial.arrivals.last_due = milliseconds{20};
  trial.arrivals.last_sent = milliseconds{22};
  EXPECT_THAT(codes(trial), IsEmpty()) << "0.91 of the rate, but 2 of 2.5 ms";
  trial.arrivals.last_sent = milliseconds{23};
  EXPECT_THAT(codes(trial), ElementsAre("rate_not_achieved"));
}

TEST(VerdictOfLoad, slots_that_the_samples_do_not_account_for_are_suspect) {
  TrialResult trial = flawless();
  trial.occupancy.sampled = milliseconds{23'800};
  EXPECT_THAT(codes(trial), IsEmpty());
  for (const Nanos sampled : {milliseconds{23'700}, milliseconds{26'300}}) {
    trial.occupancy.sampled = sampled;
    EXPECT_THAT(codes(trial), ElementsAre("littles_law"));
    EXPECT_THAT(message(trial), AllOf(HasSubstr("25.0 s"), HasSubstr("5 %")));
  }
  trial.key.runner = "null";
  EXPECT_THAT(codes(trial), IsEmpty()) << "it holds slots for no time at all";
}

TEST(VerdictOfLoad, a_percentile_of_too_few_calls_is_suspect_where_the_load_is_ranked_by_it) {
  TrialResult trial = flawless();
  Histogram& times = trial.metrics[index(Metric::response_time)].ok;
  times = {};
  times.record_n(milliseconds{50}, 459);
  EXPECT_THAT(codes(trial), IsEmpty());
  times = {};
  times.record_n(milliseconds{50}, 458);
  EXPECT_THAT(codes(trial), ElementsAre("too_few_samples"));
  EXPECT_THAT(message(trial), AllOf(HasSubstr("458"), HasSubstr("459")));
  trial.arrivals = {};
  EXPECT_THAT(codes(trial), IsEmpty()) << "a batch is ranked by its makespan";
}

TEST(VerdictOfLoad, without_any_good_call_there_is_no_percentile_to_doubt) {
  TrialResult trial = flawless();
  trial.metrics[index(Metric::response_time)].ok = {};
  EXPECT_THAT(codes(trial), IsEmpty());
}

TEST(VerdictOfLoad, a_core_shared_with_the_server_is_suspect) {
  TrialResult trial = flawless();
  trial.shares_cores = true;
  EXPECT_THAT(codes(trial), ElementsAre("shared_cores"));
  trial.key.runner = "null";
  EXPECT_THAT(codes(trial), IsEmpty()) << "it asks nothing of the server";
}

TEST(VerdictOfLoad, nearly_all_files_open_is_suspect) {
  TrialResult trial = flawless();
  trial.head_room.files = 900;
  EXPECT_THAT(codes(trial), IsEmpty());
  trial.head_room.files = 901;
  EXPECT_THAT(codes(trial), ElementsAre("head_room_exhausted"));
  EXPECT_THAT(message(trial), HasSubstr("901 files"));
  trial.head_room.files_limit = 0;
  EXPECT_THAT(codes(trial), IsEmpty()) << "not known";
}

TEST(VerdictOfLoad, nearly_all_ports_at_rest_is_suspect) {
  TrialResult trial = flawless();
  trial.head_room.connections = 25'400;
  EXPECT_THAT(codes(trial), IsEmpty());
  trial.head_room.connections = 25'500;
  EXPECT_THAT(codes(trial), ElementsAre("head_room_exhausted"));
  EXPECT_THAT(message(trial), HasSubstr("28232 local ports"));
  trial.usage.wall = minutes{2};
  EXPECT_THAT(codes(trial), IsEmpty()) << "half of them have rested";
  trial.head_room.connections = 51'000;
  EXPECT_THAT(codes(trial), ElementsAre("head_room_exhausted"));
  trial.head_room.ports = 0;
  EXPECT_THAT(codes(trial), IsEmpty()) << "not known";
}

TEST(VerdictOfLoad, response_times_that_grow_under_a_steady_load_are_suspect) {
  TrialResult trial = flawless();
  for (std::size_t i = 0; i < course_parts; ++i) trial.course[i] += i * milliseconds{10};
  EXPECT_THAT(codes(trial), ElementsAre("not_settled"));
  EXPECT_THAT(message(trial), AllOf(HasSubstr("50.0 ms"), HasSubstr("240 ms")));
  trial.arrivals.steady = false;
  EXPECT_THAT(codes(trial), IsEmpty());
}

TEST(VerdictOfLoad, a_jump_and_a_slow_start_are_suspect_too) {
  TrialResult trial = flawless();
  std::fill(trial.course.begin() + 15, trial.course.end(), milliseconds{150});
  EXPECT_THAT(codes(trial), ElementsAre("not_settled"));
  EXPECT_THAT(message(trial), HasSubstr("once 75 %"));
  trial = flawless();
  trial.course[0] = trial.course[1] = milliseconds{150};
  EXPECT_THAT(codes(trial), ElementsAre("not_settled"));
  EXPECT_THAT(message(trial), HasSubstr("began at 150 ms"));
}

TEST(VerdictOfLoad, what_was_interrupted_is_not_judged_as_if_it_had_been_whole) {
  TrialResult trial = flawless();
  trial.status = TrialStatus::interrupted;
  trial.arrivals.sent = 100;
  trial.metrics[index(Metric::response_time)].ok = {};
  trial.metrics[index(Metric::response_time)].ok.record(milliseconds{50});
  trial.occupancy = {};
  EXPECT_THAT(codes(trial), ElementsAre("interrupted"));
}

}  // namespace
}  // namespace atonce
