#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <set>

#include "reports/chart_json.h"
#include "reports/charts/charts.h"
#include "reports/charts/courses.h"
#include "tests/reports/sample_results.h"

namespace atonce {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Courses, are_those_of_runs_that_went_on_for_long_enough) {
  const auto long_runs = sample_course_results(), batch = sample_results();
  const auto found = courses(compare(long_runs), Grain::coarse);
  EXPECT_EQ(found.size(), 5u) << "one per contender, without the floor";
  for (const auto& course : found) EXPECT_LE(course.columns.slices.size(), 64u);
  EXPECT_TRUE(courses(compare(batch), Grain::fine).empty()) << "75 ms have no course";
}

TEST(Courses, begin_with_the_winner) {
  const auto results = sample_course_results();
  const auto comparison = compare(results);
  EXPECT_EQ(courses(comparison, Grain::coarse).front().row, &comparison.rows[*comparison.winner]);
}

TEST(LatencyOverTime, has_a_panel_per_contender_with_every_call_under_a_tile) {
  const auto results = sample_course_results();
  const auto chart = latency_over_time_chart(compare(results));
  ASSERT_TRUE(chart);
  EXPECT_EQ(chart->y.max, 5);
  std::map<std::string, std::set<double>> shades;
  for (const auto& series : chart->series) {
    for (const auto& tile : series.tiles) {
      EXPECT_LE(tile.from, tile.to);
      EXPECT_LT(tile.low, tile.high);
      EXPECT_GE(tile.low, 0);
      EXPECT_LE(tile.high, chart->y.max);
      EXPECT_LE(tile.to, chart->x.max);
      shades[series.name].insert(tile.shade);
    }
    for (const auto& point : series.points)
      if (!point.text.empty()) {
        EXPECT_THAT(point.text, HasSubstr("calls, p50 "));
      }
  }
  EXPECT_TRUE(shades.contains("warm-up"));
  EXPECT_EQ(shades.size(), 6u);
  for (const auto& [name, levels] : shades) EXPECT_LE(levels.size(), 7u) << name;
  EXPECT_THAT(chart->caption, HasSubstr("warm-up is shaded"));
}

TEST(LatencyOverTime, stays_light) {
  const auto results = sample_course_results();
  EXPECT_LT(chart_to_json(*latency_over_time_chart(compare(results))).size(), 200'000u);
}

TEST(ThroughputOverTime, shows_what_was_due_beside_what_came_through) {
  auto results = sample_course_results();
  const auto chart = throughput_over_time_chart(compare(results));
  ASSERT_TRUE(chart);
  const auto due = std::ranges::find(chart->series, "due", &Series::name);
  ASSERT_NE(due, chart->series.end());
  EXPECT_THAT(due->points.front().text, HasSubstr("500/s at 0"));
  for (auto& trial : results.trials)
    for (auto& slice : trial.series.slices) slice.offered = 0;
  const auto closed = throughput_over_time_chart(compare(results));
  EXPECT_EQ(std::ranges::count(closed->series, "due", &Series::name), 0);
}

TEST(LimitOverTime, is_drawn_where_one_was_adaptive_and_a_fixed_one_is_the_cap) {
  auto results = sample_course_results();
  EXPECT_FALSE(limit_over_time_chart(compare(results)));
  std::erase_if(results.trials,
                [](const TrialResult& trial) { return trial.key.cap == unlimited; });
  for (auto& trial : results.trials) {
    std::size_t limit = 10;
    if (trial.key.runner != "curl_multi") continue;
    for (auto& slice : trial.series.slices) slice.limit = ++limit < 30 ? limit : 20;
  }
  const auto chart = limit_over_time_chart(compare(results));
  ASSERT_TRUE(chart);
  std::size_t fixed = 0;
  for (const auto& series : chart->series) {
    if (series.points.empty()) continue;
    EXPECT_EQ(series.points.front().x, 0);
    fixed += series.points.size() == 2;
  }
  EXPECT_EQ(fixed, chart->data.rows.size() - 1);
  EXPECT_GT(fixed, 2u);
  const auto row = std::ranges::find(chart->data.rows, "29",
                                     [](const TableRow& data) { return data.cells[2].text; });
  ASSERT_NE(row, chart->data.rows.end());
  EXPECT_EQ(row->cells[1].text, "11");
}

TEST(CpuOverTime, is_time_per_second) {
  const auto results = sample_course_results();
  const auto chart = cpu_over_time_chart(compare(results));
  ASSERT_TRUE(chart);
  EXPECT_THAT(chart->series.back().points.front().text, HasSubstr("30.0 ms at 0"));
}

TEST(OverTime, nothing_is_drawn_of_a_short_batch_but_how_late_it_was_sent) {
  const auto results = sample_results();
  const auto comparison = compare(results);
  EXPECT_FALSE(latency_over_time_chart(comparison));
  EXPECT_FALSE(send_lag_over_time_chart(comparison));
  EXPECT_FALSE(throughput_over_time_chart(comparison));
  EXPECT_FALSE(cpu_over_time_chart(comparison));
  const auto lag = send_lag_chart(comparison);
  ASSERT_TRUE(lag);
  EXPECT_EQ(lag->data.rows.size(), telling_rows(comparison).size());
}

TEST(SendLag, marks_the_largest_in_figures) {
  const auto results = sample_course_results();
  const auto chart = send_lag_chart(compare(results));
  ASSERT_TRUE(chart);
  for (const auto& series : chart->series)
    if (!series.points.empty()) {
      EXPECT_EQ(series.points.size(), 3u);
      EXPECT_THAT(series.points.back().label, HasSubstr("us"));
      EXPECT_LE(series.points[0].x, series.points[1].x);
    }
}

}  // namespace
}  // namespace atonce
