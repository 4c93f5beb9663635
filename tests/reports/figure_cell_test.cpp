#include "reports/figure_cell.h"

#include <gmock/gmock.h>

#include "reports/confidence.h"
#include "tests/reports/sample_results.h"

namespace atonce {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Spread measured(double median, double low, double high) {
  return {.median = median,
          .min = median,
          .max = median,
          .interval = Interval{low, high, IntervalMethod::log_t, 3}};
}

TEST(FigureCell, has_the_longer_side_rounded_up_and_both_ends) {
  const auto cell = figure_cell(Figure::response_p50, measured(50.2e6, 49.96e6, 50.31e6));
  EXPECT_EQ(cell.text, "50.2 ms");
  EXPECT_EQ(cell.with_margin, "50.2±0.3 ms");
  EXPECT_EQ(cell.interval, "[50.0, 50.3]");
}

TEST(FigureCell, tells_on_pointing_at_it_how_far_apart_the_runs_were) {
  auto spread = measured(50e6, 49e6, 51e6);
  EXPECT_EQ(figure_cell(Figure::makespan, spread).title, "");
  spread.min = 49.5e6;
  EXPECT_EQ(figure_cell(Figure::makespan, spread).title, "median of runs at 49.5-50.0 ms");
}

TEST(FigureCell, is_never_surer_than_its_digits) {
  EXPECT_EQ(figure_cell(Figure::makespan, measured(533e6, 532.9e6, 533.1e6)).with_margin,
            "533±1 ms");
  EXPECT_EQ(figure_cell(Figure::throughput, measured(91'200, 90'000, 92'000)).with_margin,
            "91.2±1.2k/s");
}

TEST(FigureCell, names_the_units_of_ends_that_have_others) {
  EXPECT_EQ(figure_cell(Figure::response_p50, measured(1.1e6, 0.9e6, 1.3e6)).interval,
            "[900 us, 1.30 ms]");
}

TEST(FigureCell, of_too_few_samples_is_faint_marked_and_without_an_interval) {
  auto spread = measured(50e6, 49e6, 51e6);
  spread.samples = 458;
  spread.samples_needed = 459;
  const auto cell = figure_cell(Figure::response_p99, spread);
  EXPECT_EQ(cell.text, "50.0 ms†");
  EXPECT_EQ(cell.tone, Tone::faint);
  EXPECT_EQ(cell.interval, "");
  EXPECT_EQ(cell.title, "p99 needs 459 calls, there are 458");
  spread.samples = 459;
  EXPECT_EQ(figure_cell(Figure::response_p99, spread).tone, Tone::plain);
}

TEST(Footnotes, name_each_method_once_and_what_it_rests_on) {
  Footnotes notes;
  notes.add(Figure::makespan, measured(5, 4, 6), 3);
  notes.add(Figure::makespan, measured(6, 5, 7), 3);
  EXPECT_THAT(notes.methods(),
              ElementsAre("95 % intervals, ± the longer side: Student's t on the logarithms of 3 "
                          "runs."));
  auto other = measured(5, 4, 6);
  other.interval->method = IntervalMethod::block_bootstrap;
  other.interval->of = 160;
  notes.add(Figure::response_p50, other, 1);
  EXPECT_THAT(notes.methods(),
              ElementsAre("95 % intervals, ± the longer side: block bootstrap over 160 slices "
                          "(p50); Student's t on the logarithms of 3 runs (makespan)."));
}

TEST(Footnotes, say_that_one_run_gives_a_makespan_no_interval) {
  Footnotes notes;
  notes.add(Figure::makespan, Spread{.median = 5, .min = 5, .max = 5}, 1);
  notes.add(Figure::efficiency, Spread{.median = 1, .min = 1, .max = 1}, 1);
  notes.add(Figure::cpu_per_call, Spread{.median = 1, .min = 1, .max = 1}, 1);
  EXPECT_THAT(notes.methods(),
              ElementsAre("1 run; --repeat 3 for an interval of makespan and of ideal."));
  EXPECT_THAT(notes.thin(), IsEmpty());
}

TEST(TrialIntervals, of_one_batch_are_of_its_percentiles_only) {
  const auto results = sample_results();
  const TrialIntervals intervals(results.trials.front());
  EXPECT_FALSE(intervals.of(Figure::makespan));
  EXPECT_FALSE(intervals.of(Figure::throughput));
  EXPECT_FALSE(intervals.of(Figure::efficiency));
  EXPECT_EQ(intervals.of(Figure::response_p50)->method, IntervalMethod::order_statistics);
}

TEST(TrialIntervals, of_a_run_with_a_course_come_from_its_slices) {
  auto results = sample_results();
  auto& trial = results.trials.front();
  trial.arrivals.steady = true;
  const TrialIntervals intervals(trial);
  EXPECT_EQ(intervals.of(Figure::response_p50)->method, IntervalMethod::block_bootstrap);
  EXPECT_EQ(intervals.of(Figure::throughput)->method, IntervalMethod::block_bootstrap);
  EXPECT_EQ(intervals.of(Figure::overhead_p50)->method, IntervalMethod::order_statistics);
}

TEST(Comparison, takes_intervals_from_repetitions_where_there_are_several) {
  auto results = sample_results();
  for (auto& trial : results.trials) trial.arrivals.steady = true;
  const auto method = [&] {
    return compare(results).rows.front().figure(Figure::response_p50)->interval->method;
  };
  EXPECT_EQ(method(), IntervalMethod::log_t);
  std::erase_if(results.trials, [](const TrialResult& trial) { return trial.key.repetition > 0; });
  EXPECT_EQ(method(), IntervalMethod::block_bootstrap);
}

TEST(Comparison, knows_the_fewest_samples_of_a_percentile) {
  auto results = sample_results();
  const auto comparison = compare(results);
  const auto& p99 = *comparison.rows.front().figure(Figure::response_p99);
  EXPECT_EQ(p99.samples, 100u);
  EXPECT_EQ(p99.samples_needed, 459u);
  EXPECT_TRUE(p99.is_thin());
  EXPECT_FALSE(comparison.rows.front().figure(Figure::makespan)->is_thin());
}

}  // namespace
}  // namespace atonce
