#include "reports/charts/lanes_chart.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "reports/charts/charts.h"
#include "tests/reports/sample_results.h"

namespace atonce {
namespace {

std::size_t bars_of(const Chart& chart, bool faint) {
  std::size_t count = 0;
  for (const auto& series : chart.series)
    if (series.faint == faint)
      count += static_cast<std::size_t>(
          std::ranges::count_if(series.bars, [](const Bar& bar) { return !bar.text.empty(); }));
  return count;
}

TEST(LanesChart, has_a_lane_per_call_of_the_winner_and_of_sync_serial) {
  const auto results = sample_session_results();
  const auto chart = session_lanes_chart(compare(results));
  ASSERT_TRUE(chart);
  EXPECT_EQ(chart->y.ticks.size(), 14u);
  EXPECT_EQ(chart->data.rows.size(), 14u);
  EXPECT_EQ(bars_of(*chart, false), 14u);
  EXPECT_EQ(bars_of(*chart, true), 14u);
  EXPECT_EQ(chart->y.ticks.front().label, "plan: POST /llm");
  EXPECT_EQ(chart->data.rows.back().cells.front().text, "sync_serial/cpp-httplib");
}

TEST(LanesChart, a_bar_begins_where_the_wait_before_it_ends) {
  const auto results = sample_session_results();
  const auto chart = session_medians_chart(compare(results));
  for (const auto& waits : chart->series) {
    if (!waits.faint) continue;
    const auto works = std::ranges::find_if(chart->series, [&](const Series& series) {
      return series.name == waits.name && !series.faint;
    });
    ASSERT_NE(works, chart->series.end());
    for (std::size_t i = 0; i < waits.bars.size(); ++i) {
      EXPECT_EQ(waits.bars[i].to, works->bars[i].from);
      EXPECT_EQ(waits.bars[i].y, works->bars[i].y);
    }
  }
}

TEST(LanesChart, stages_are_in_the_legend_once_and_by_name) {
  const auto results = sample_session_results();
  std::vector<std::string> legend;
  const auto chart = session_lanes_chart(compare(results));
  for (const auto& series : chart->series)
    if (series.in_legend) legend.push_back(series.name);
  EXPECT_THAT(legend, testing::ElementsAre("plan", "research", "answer"));
}

TEST(LanesChart, lines_stand_at_the_longest_call_the_critical_path_and_the_sum) {
  const auto results = sample_session_results();
  std::vector<std::string> labels;
  double last = 0;
  const auto chart = session_lanes_chart(compare(results));
  for (const auto& series : chart->series)
    for (const auto& point : series.points) {
      if (point.label.empty()) continue;
      labels.push_back(point.label);
      EXPECT_GT(point.x, last);
      last = point.x;
    }
  EXPECT_THAT(labels, testing::ElementsAre("longest call 97.3 ms", "critical path 217 ms",
                                           "sum of the calls 343 ms"));
}

TEST(LanesChart, needs_neither_names_nor_a_serial_contender) {
  auto results = sample_session_results();
  results.calls.clear();
  std::erase_if(results.trials,
                [](const TrialResult& trial) { return trial.key.runner == "sync_serial"; });
  const auto chart = session_lanes_chart(compare(results));
  EXPECT_EQ(chart->y.ticks.size(), 7u);
  EXPECT_EQ(chart->y.ticks.front().label, "stage 1: call 1");
}

TEST(LanesChart, is_not_for_single_calls) {
  EXPECT_FALSE(session_lanes_chart(compare(sample_results())));
}

TEST(LanesChart, is_bounded_for_sessions_of_very_many_calls) {
  auto results = sample_session_results();
  for (auto& trial : results.trials) trial.lanes.example.resize(1000, trial.lanes.example.back());
  EXPECT_EQ(session_lanes_chart(compare(results))->y.ticks.size(), 80u);
}

TEST(Charts, of_a_topic_come_first_where_the_results_tell_of_it) {
  const auto names_of = [](const ResultSet& results) {
    std::vector<std::string> names;
    for (const auto& chart : make_charts(compare(results))) {
      if (chart.name == "makespan") break;
      names.push_back(chart.name);
    }
    return names;
  };
  using testing::ElementsAre;
  EXPECT_THAT(names_of(sample_results()), ElementsAre());
  EXPECT_THAT(names_of(sample_session_results()), ElementsAre("session_medians", "session_lanes"));
  EXPECT_THAT(names_of(sample_stream_results()),
              ElementsAre("first_token", "token_gap", "token_delivery"));
  EXPECT_THAT(names_of(sample_step_results()), ElementsAre("loop_lag"));
  EXPECT_THAT(names_of(sample_limit_results()), ElementsAre("fates"));
  EXPECT_THAT(names_of(sample_pool_results()), ElementsAre("waits"));
}

TEST(FatesChart, bars_add_up_to_the_attempts_per_call) {
  const auto chart = fates_chart(compare(sample_limit_results()));
  double end = 0;
  for (const auto& series : chart->series)
    for (const auto& bar : series.bars)
      if (bar.y == 1) {
        EXPECT_DOUBLE_EQ(bar.from, end);
        end = bar.to;
      }
  EXPECT_NEAR(end, 2.32, 1e-9);
}

}  // namespace
}  // namespace atonce
