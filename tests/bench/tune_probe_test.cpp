/// From a trial to a probe, and which probes a search can use.

#include <gmock/gmock.h>

#include <chrono>

#include "bench/tune/answer.h"
#include "bench/tune/live.h"
#include "tests/bench/tune_run.h"

namespace atonce::testing {
namespace {

using namespace tune;
using namespace tune::sim;
using std::chrono::milliseconds;
using ::testing::HasSubstr;

/// Slices of 100 ms with 20 calls of 10 ms each.
TrialResult steady_trial(std::size_t slices) {
  TrialResult result;
  result.series.width = milliseconds(100);
  result.series.slices.resize(slices);
  for (TimeSlice& slice : result.series.slices) {
    slice.ok = 20;
    slice.response_time = {{Histogram::bucket_of(milliseconds(10)), 20}};
  }
  return result;
}

const ProbeOrder two_blocks{
    .level = 2, .blocks = 2, .block = Seconds(0.5), .warm_up = Seconds(0.25)};

TEST(TuneProbe, cuts_a_trial_into_blocks_behind_its_warm_up) {
  TrialResult result = steady_trial(14);
  const auto quick = Histogram::bucket_of(milliseconds(10));
  result.series.slices[1].failure_time = {{quick, 100}};  // in the warm-up
  result.series.slices[4].failure_time = {{quick, 3}};
  result.series.slices[9].response_time = {{Histogram::bucket_of(milliseconds(10)), 18},
                                           {Histogram::bucket_of(milliseconds(80)), 2}};
  result.series.slices[13].failure_time = {{quick, 100}};  // while the last calls ended
  const std::vector<Slo> slos{parse_slo("p99<=50ms"), parse_slo("errors<=1%")};
  const Probe probe = probe_of(result, two_blocks, slos);
  ASSERT_EQ(probe.blocks.size(), 2u);
  EXPECT_EQ(probe.blocks[0].calls, 103u);
  EXPECT_EQ(probe.blocks[0].failed, 3u);
  EXPECT_EQ(probe.blocks[0].bad, (std::vector<std::uint64_t>{3, 3}));
  EXPECT_EQ(probe.blocks[1].bad, (std::vector<std::uint64_t>{2, 0}));
  EXPECT_NEAR(probe.blocks[0].span.count(), 0.5, 1e-9);
  EXPECT_EQ(probe.response_time.count(), 200u);
  EXPECT_EQ(probe.stalls, 0u);
  EXPECT_TRUE(probe.invalid.empty());
}

TEST(TuneProbe, counts_calls_that_hang_when_they_become_late) {
  TrialResult result = steady_trial(30);
  const auto lasted = [](int ms) { return Histogram::bucket_of(milliseconds(ms)); };
  // The blocks are slices 3 to 7 and 8 to 12; late is what is later than 50 ms.
  result.series.slices[20].failure_time = {{lasted(1500), 4}};   // late from slice 5 on
  result.series.slices[25].response_time = {{lasted(1500), 2}};  // from slice 10 on
  result.series.slices[28].failure_time = {{lasted(300), 8}};    // begun when all was over
  result.series.slices[6].failure_time = {{lasted(600), 16}};    // late before the first block
  const std::vector<Slo> slos{parse_slo("p99<=50ms"), parse_slo("errors<=1%")};
  const Probe probe = probe_of(result, two_blocks, slos);
  EXPECT_EQ(probe.blocks[0].calls, 104u);
  EXPECT_EQ(probe.blocks[0].bad, (std::vector<std::uint64_t>{4, 4}));
  EXPECT_EQ(probe.blocks[1].calls, 102u);
  EXPECT_EQ(probe.blocks[1].bad, (std::vector<std::uint64_t>{2, 0}));
  // Without a limit of their own they count when they have lasted for a block.
  const Probe errors = probe_of(result, two_blocks, {parse_slo("errors<=1%")});
  EXPECT_EQ(errors.blocks[1].failed, 4u);
}

TEST(TuneProbe, sees_stalls) {
  TrialResult result = steady_trial(14);
  for (TimeSlice& slice : result.series.slices) slice.response_time[0].second = 100;
  for (const std::size_t empty : {5u, 6u}) result.series.slices[empty] = {};
  EXPECT_EQ(probe_of(result, two_blocks, {}).stalls, 1u);
  for (const std::size_t empty : {10u, 11u, 12u}) result.series.slices[empty] = {};
  EXPECT_EQ(probe_of(result, two_blocks, {}).stalls, 2u) << "also one that has not ended";
}

TEST(TuneProbe, hears_what_the_trial_says_of_itself) {
  TrialResult result = steady_trial(14);
  result.verdict.reasons = {{VerdictLevel::suspect, "client_cpu_saturated", "busy"}};
  EXPECT_TRUE(probe_of(result, two_blocks, {}).client_limited);
  result.verdict.reasons = {{VerdictLevel::suspect, "head_room_exhausted", "files"}};
  EXPECT_TRUE(probe_of(result, two_blocks, {}).client_limited);
  result.verdict.reasons = {{VerdictLevel::invalid, "not_conserved", "calls are missing"}};
  EXPECT_EQ(probe_of(result, two_blocks, {}).invalid, "calls are missing");
  TrialResult nothing = steady_trial(14);
  for (TimeSlice& slice : nothing.series.slices) slice = {};
  EXPECT_FALSE(probe_of(nothing, two_blocks, {}).invalid.empty());
  EXPECT_TRUE(probe_of(nothing, two_blocks, {}).too_short);
}

TEST(TuneProbe, a_rate_is_not_kept_by_the_client_unless_cap_or_threads_hold_it_back) {
  TrialResult result = steady_trial(14);
  result.key.cap = 8;
  result.key.threads = 1;
  result.arrivals = {.due = 100,
                     .sent = 60,
                     .last_due = std::chrono::seconds(1),
                     .last_sent = std::chrono::seconds(1),
                     .steady = true};
  for (const TrialStatus status : {TrialStatus::finished, TrialStatus::interrupted}) {
    result.status = status;
    result.peak_in_flight = 7;
    EXPECT_TRUE(probe_of(result, two_blocks, {}).client_limited);
    result.peak_in_flight = 8;
    EXPECT_FALSE(probe_of(result, two_blocks, {}).client_limited) << "the cap is reached";
  }
  result.key.threads = result.peak_in_flight = 4;
  EXPECT_FALSE(probe_of(result, two_blocks, {}).client_limited) << "all threads are at work";
  result.arrivals.sent = 100;
  result.peak_in_flight = 7;
  EXPECT_FALSE(probe_of(result, two_blocks, {}).client_limited);
}

TEST(TuneProbe, has_room_for_more_sessions_than_will_come) {
  EXPECT_EQ(room_for_sessions(0, 0, Seconds(0.1)), 50'000u);
  EXPECT_GE(room_for_sessions(0, 0, Seconds(3)), 3 * 60'000u) << "nothing is known yet";
  EXPECT_GE(room_for_sessions(0, 60'000, Seconds(65)), 65 * 60'000u);
  EXPECT_GE(room_for_sessions(100'000, 0, Seconds(65)), 65 * 100'000u);
}

/// Sends late in the first probes.
class LateTarget : public VirtualTarget {
 public:
  explicit LateTarget(unsigned late)
      : VirtualTarget({.slos = truth().slos}, truth().server(), 1), late_(late) {}
  Probe probe(const ProbeOrder& order) override {
    Probe probe = VirtualTarget::probe(order);
    probe.sent_late = late_ > 0;
    if (late_ > 0) probe.invalid = "sent late";
    late_ -= late_ > 0;
    return probe;
  }
  static Truth truth() { return fixed_queue(4, 0.0203, "p99<=100ms"); }

 private:
  unsigned late_;
};

TEST(TuneProbe, calls_that_are_sent_late_are_the_clients_doing_only_if_they_always_are) {
  LateTarget sometimes(2);
  const Tuning found = tuned(LateTarget::truth().rules(), sometimes);
  EXPECT_EQ(recommended(found).value_or(0), 16u) << story(found);
  EXPECT_THAT(found.flags, ::testing::IsEmpty());
  LateTarget always(1000);
  const Tuning limited = tuned(LateTarget::truth().rules(), always);
  EXPECT_EQ(limited.flags, std::set{Flag::client_limited}) << story(limited);
  EXPECT_EQ(answer_of(limited).badge, "CLIENT-LIMITED");
}

TEST(TuneProbe, calls_were_sent_late_only_if_the_objectives_feel_it) {
  TrialResult result = steady_trial(14);
  result.verdict.reasons = {{VerdictLevel::suspect, "send_lag_high", "sent late"}};
  const auto is_late = [&](int lag_ms, const std::vector<Slo>& slos) {
    for (MetricPair& pair : result.metrics) pair = {};
    for (int i = 0; i < 100; ++i) {
      result.metrics[index(Metric::send_lag)].ok.record(milliseconds(i < 95 ? 0 : lag_ms));
      result.metrics[index(Metric::response_time)].ok.record(milliseconds(10));
    }
    const Probe probe = probe_of(result, two_blocks, slos);
    EXPECT_FALSE(probe.client_limited) << "it may be chance";
    EXPECT_EQ(probe.invalid, probe.sent_late ? "sent late" : "");
    return probe.sent_late;
  };
  EXPECT_TRUE(is_late(6, {parse_slo("p99<=100ms")}));
  EXPECT_FALSE(is_late(4, {parse_slo("p99<=100ms")})) << "little of what they may take";
  EXPECT_FALSE(is_late(6, {parse_slo("p50<=100ms")})) << "few of those that may be bad";
  EXPECT_TRUE(is_late(20, {})) << "a tenth of what they take";
  EXPECT_FALSE(is_late(6, {}));
}

/// Gives what it is told to.
class BrokenTarget : public Target {
 public:
  Probe probe(const ProbeOrder& order) override {
    Probe probe{.order = order};
    probe.invalid = "calls are missing";
    return probe;
  }
  Seconds elapsed() const override { return {}; }
  Seconds overhead() const override { return {}; }
  bool stopped() const override { return false; }
};

TEST(TuneProbe, nothing_is_decided_by_probes_that_are_invalid) {
  BrokenTarget target;
  const Tuning tuning = tuned({.slos = {parse_slo("p99<=50ms")}}, target);
  EXPECT_EQ(tuning.end, End::failed);
  EXPECT_EQ(tuning.probes.size(), 3u) << "each is tried again";
  EXPECT_THAT(answer_of(tuning).headline, HasSubstr("calls are missing"));
}

}  // namespace
}  // namespace atonce::testing
