/// From a trial to a probe, and from a search to what is said of it.

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>

#include "bench/tune/answer.h"
#include "bench/tune/live.h"
#include "bench/tune/report.h"
#include "tests/bench/tune_run.h"

namespace atonce::testing {
namespace {

using namespace tune;
using namespace tune::sim;
using std::chrono::milliseconds;
using ::testing::AllOf;
using ::testing::Contains;
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
  result.verdict.reasons = {{VerdictLevel::invalid, "not_conserved", "calls are missing"}};
  EXPECT_EQ(probe_of(result, two_blocks, {}).invalid, "calls are missing");
  TrialResult nothing = steady_trial(14);
  for (TimeSlice& slice : nothing.series.slices) slice = {};
  EXPECT_FALSE(probe_of(nothing, two_blocks, {}).invalid.empty());
  EXPECT_TRUE(probe_of(nothing, two_blocks, {}).too_short);
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

TEST(TuneAnswer, names_what_breaks) {
  const auto cause = [](const Truth& truth) { return answer_of(tuned(truth, 2)).cause; };
  EXPECT_THAT(cause(closed_queue(8, 0.010, 0, "p99<=100ms")), HasSubstr("server queue"));
  EXPECT_THAT(cause(refusals(310, 0.050, 0.005, "errors<=1%")),
              HasSubstr("rate limiter: calls are refused (429)"));
  EXPECT_THAT(cause(contention(0.02, 0.004, 0.010, "p99<=150ms")), HasSubstr("contention"));
}

/// Beyond some calls at once all fail; or, refused, come late.
class Wall : public VirtualServer {
 public:
  explicit Wall(bool refuses) : refuses_(refuses) {}
  void begin(double) override {}
  Reply call(double now, std::size_t in_flight, Dice& dice) override {
    const double at = now + 0.018 + 0.004 * dice.uniform();
    if (in_flight <= 20) return {.at = at};
    if (refuses_) return {.at = at + 0.2, .refused = true};
    return {.at = at, .ok = false};
  }

 private:
  bool refuses_;
};

Tuning against_wall(bool refuses) {
  VirtualTarget target({.slos = {parse_slo("p99<=100ms")}}, std::make_unique<Wall>(refuses), 1);
  return tuned({.slos = {parse_slo("p99<=100ms")}}, target);
}

TEST(TuneAnswer, a_wall_is_named_in_whole_percent_and_refusals_even_when_they_are_late) {
  EXPECT_THAT(answer_of(against_wall(false)).cause,
              ::testing::ContainsRegex("error cliff: [0-9]+(\\.[0-9])? % of the calls fail"));
  EXPECT_THAT(answer_of(against_wall(true)).cause, HasSubstr("late once they are tried again"));
}

TEST(TuneAnswer, has_level_interval_and_figures_around_it) {
  const Tuning tuning = tuned(closed_queue(8, 0.010, 0.040, "p99<=100ms"), 5);
  const Answer answer = answer_of(tuning);
  ASSERT_TRUE(answer.level) << story(tuning);
  EXPECT_THAT(answer.headline, AllOf(HasSubstr("set cap " + std::to_string(*answer.level)),
                                     HasSubstr("95 % confidence")));
  EXPECT_THAT(answer.model, HasSubstr("workers, busy for"));
  ASSERT_TRUE(answer.workers);
  EXPECT_LE(answer.workers->fewest, 8u) << answer.model;
  EXPECT_GE(answer.workers->most, 8u) << answer.model;
  ASSERT_GE(answer.around.size(), 3u);
  for (std::size_t i = 1; i < answer.around.size(); ++i)
    EXPECT_LE(answer.around[i - 1].throughput, 1.05 * answer.around[i].throughput);
  EXPECT_EQ(std::ranges::count(answer.around, static_cast<double>(*answer.level), &LevelRow::level),
            1);
  for (const LevelRow& row : answer.rows) {
    EXPECT_LE(row.share_bounds[0].low, row.shares[0]);
    EXPECT_GE(row.share_bounds[0].high, row.shares[0]);
  }
}

TEST(TuneAnswer, levels_around_are_whole_and_different) {
  const Answer answer = answer_of(tuned(closed_queue(1, 0.010, 0, "p99<=100ms"), 5));
  ASSERT_TRUE(answer.level);
  ASSERT_GE(answer.around.size(), 2u);
  for (const LevelRow& row : answer.around) {
    EXPECT_EQ(row.level, std::round(row.level));
    EXPECT_EQ(std::ranges::count(answer.around, row.level, &LevelRow::level), 1);
  }
}

TEST(TuneAnswer, every_flag_has_a_name_and_a_sentence) {
  Tuning tuning{.rules = {.slos = {parse_slo("p99<=50ms")}}};
  for (std::size_t i = 0; i < flag_count; ++i) tuning.flags.insert(static_cast<Flag>(i));
  const Answer answer = answer_of(tuning);
  ASSERT_EQ(answer.remarks.size(), flag_count);
  for (const std::string& remark : answer.remarks) EXPECT_GT(remark.size(), 30u) << remark;
}

TEST(TuneAnswer, gives_a_line_to_paste_for_every_runner) {
  Report report{.played = "my.yaml --url http://127.0.0.1:8080"};
  Tuned one{.tuning = tuned(closed_queue(8, 0.010, 0, "p99<=100ms"), 5)};
  for (const auto& [runner, library] : {std::pair{"asio_coroutines", "Boost.Asio"},
                                        {"curl_multi", "libcurl"},
                                        {"tbb_parallel", "oneTBB"},
                                        {"thread_pool", "C++20"}}) {
    one.runner = runner;
    EXPECT_THAT(snippets(report, one), Contains(::testing::Key(std::string(library))));
  }
  one.transport = "beast";
  EXPECT_THAT(snippets(report, one).front().second,
              ::testing::StartsWith("atonce run my.yaml --url http://127.0.0.1:8080 --runner "
                                    "thread_pool --transport beast --cap "));
}

}  // namespace
}  // namespace atonce::testing
