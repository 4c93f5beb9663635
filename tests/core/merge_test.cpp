#include "core/merge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/random.h"

namespace atonce {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

/// What a client leaves that made the calls numbered from `first` to `last`.
TrialResult played(std::uint64_t first, std::uint64_t last) {
  TrialResult trial;
  trial.key = {.runner = "curl_multi", .transport = {}, .cap = 10, .connections = 10};
  trial.series.width = milliseconds{first == 0 ? 10 : 20};
  trial.series.slices.resize(8);
  for (std::uint64_t call = first; call < last; ++call) {
    const bool ok = call % 7 != 0;
    const Nanos time{static_cast<std::int64_t>(1e8 * uniform01(1, call, Stream::service))};
    MetricPair& pair = trial.metrics[index(Metric::response_time)];
    (ok ? pair.ok : pair.failed).record(time);
    ++trial.ledger.calls[index(ok ? Outcome::ok : Outcome::reset)];
    ++trial.ledger.scheduled;
    ++trial.attempts;
    TimeSlice& slice = trial.series.slices[static_cast<std::size_t>(call % 4)];
    ++slice.ok;
    slice.limit = 5;
    slice.response_time = merged(slice.response_time, {{Histogram::bucket_of(time), 1}});
    trial.makespan = std::max(trial.makespan, time);
  }
  trial.attempt_outcomes = trial.ledger.calls;
  trial.server = ServerWitness{.attempts = last - first, .peak_in_flight = 3};
  return trial;
}

ResultSet with(TrialResult trial) {
  ResultSet results;
  results.scenario = "a";
  results.scenario_text = "name: a";
  results.created = "2026-01-01T00:00:00Z";
  results.trials.push_back(std::move(trial));
  return results;
}

/// The figures that a merge must keep.
void expect_same(const TrialResult& one, const TrialResult& other) {
  for (std::size_t i = 0; i < metric_count; ++i) {
    EXPECT_EQ(one.metrics[i].ok, other.metrics[i].ok);
    EXPECT_EQ(one.metrics[i].failed, other.metrics[i].failed);
  }
  EXPECT_EQ(one.ledger.calls, other.ledger.calls);
  EXPECT_EQ(one.ledger.scheduled, other.ledger.scheduled);
  EXPECT_EQ(one.attempts, other.attempts);
  EXPECT_EQ(one.makespan, other.makespan);
  EXPECT_EQ(one.peak_in_flight, other.peak_in_flight);
  EXPECT_EQ(one.server->attempts, other.server->attempts);
  ASSERT_EQ(one.series.slices.size(), other.series.slices.size());
  for (std::size_t i = 0; i < one.series.slices.size(); ++i) {
    EXPECT_EQ(one.series.slices[i].ok, other.series.slices[i].ok);
    EXPECT_EQ(one.series.slices[i].response_time, other.series.slices[i].response_time);
  }
}

TEST(Merge, of_two_halves_has_the_histogram_of_the_whole) {
  const ResultSet both = merge(with(played(0, 400)), with(played(400, 1000)));
  const TrialResult whole = played(0, 1000);
  EXPECT_EQ(both.trials[0].metric(Metric::response_time).ok,
            whole.metric(Metric::response_time).ok);
  EXPECT_EQ(both.trials[0].metric(Metric::response_time).failed,
            whole.metric(Metric::response_time).failed);
  EXPECT_EQ(both.trials[0].ledger.calls, whole.ledger.calls);
  EXPECT_TRUE(both.trials[0].ledger.conserved());
  EXPECT_EQ(both.trials[0].server->attempts, 1000u);
  EXPECT_EQ(both.trials[0].makespan, whole.makespan);
}

TEST(Merge, does_not_depend_on_order_or_grouping) {
  const auto a = with(played(0, 300)), b = with(played(300, 500)), c = with(played(500, 1000));
  expect_same(merge(a, b).trials[0], merge(b, a).trials[0]);
  expect_same(merge(merge(a, b), c).trials[0], merge(a, merge(b, c)).trials[0]);
}

TEST(Merge, brings_slices_of_different_width_to_the_wider_one) {
  const TimeSeries series = merge(with(played(0, 400)), with(played(400, 800))).trials[0].series;
  EXPECT_EQ(series.width, milliseconds{20});
  EXPECT_EQ(series.slices.size(), 8u);
  std::uint64_t calls = 0;
  for (const TimeSlice& slice : series.slices) calls += slice.ok;
  EXPECT_EQ(calls, 800u);
  EXPECT_EQ(series.slices[0].ok, 200u + 100u);
  for (const TimeSlice& slice : series.slices) EXPECT_EQ(slice.limit, 0u) << "no one's limit";
}

TEST(Merge, leaves_out_what_the_sum_cannot_have) {
  TrialResult one = played(0, 10);
  one.ideal_makespan = milliseconds{1};
  one.in_flight = {{Nanos{}, 1}};
  one.lanes.session = 3;
  const TrialResult both = merge(with(one), with(one)).trials[0];
  EXPECT_FALSE(both.ideal_makespan);
  EXPECT_TRUE(both.in_flight.empty());
  EXPECT_EQ(both.lanes.session, 0u);
}

TEST(Merge, keeps_the_reasons_of_the_parts_and_judges_the_sum) {
  TrialResult one = played(0, 10), other = played(10, 20);
  one.verdict.reasons = {{VerdictLevel::suspect, "send_lag_high", "late"},
                         {VerdictLevel::suspect, "too_few_samples", "10 are too few"}};
  other.verdict.reasons = {one.verdict.reasons.front()};
  other.server->attempts = 50;
  const Verdict verdict = merge(with(one), with(other)).trials[0].verdict;
  ASSERT_EQ(verdict.reasons.size(), 2u);
  EXPECT_EQ(verdict.reasons[0].code, "send_lag_high");
  EXPECT_EQ(verdict.reasons[1].code, "server_count_mismatch");
}

std::string refusal(const ResultSet& one, const ResultSet& other) {
  try {
    merge(one, other);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "merged";
}

TEST(Merge, refuses_what_is_not_part_of_one_whole_and_says_why) {
  const ResultSet one = with(played(0, 10));
  ResultSet other = with(played(10, 20));
  EXPECT_EQ(refusal(one, other), "merged");
  other.scenario_text = "name: b";
  EXPECT_THAT(refusal(one, other), HasSubstr("different scenarios"));
  other = one;
  other.time_scale = 2;
  EXPECT_THAT(refusal(one, other), HasSubstr("time scales differ (1, 2)"));
  other = one;
  other.target = "http://127.0.0.1:1";
  EXPECT_THAT(refusal(one, other), HasSubstr("targets differ"));
  other = one;
  other.trials[0].key.cap = 20;
  EXPECT_THAT(refusal(one, other), HasSubstr("lacks curl_multi at cap 20, repetition 0"));
  other = one;
  other.trials.clear();
  EXPECT_THAT(refusal(one, other), HasSubstr("lacks curl_multi at cap 10"));
  other = one;
  other.trials[0].status = TrialStatus::crashed;
  EXPECT_THAT(refusal(one, other), HasSubstr("crashed"));
  other = one;
  other.trials[0].series.width = Nanos{3};
  EXPECT_THAT(refusal(one, other), HasSubstr("slices of time"));
  other.trials[0].series = {};
  EXPECT_THAT(refusal(one, other), HasSubstr("no slices of time"));
  EXPECT_THAT(refusal(other, one), HasSubstr("no slices of time"));
  other = one;
  other.trials.push_back(other.trials[0]);
  EXPECT_THAT(refusal(one, other), HasSubstr("more than once"));
  EXPECT_THAT(refusal(other, one), HasSubstr("more than once"));
}

}  // namespace
}  // namespace atonce
