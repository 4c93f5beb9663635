#include "reports/charts/charts.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>

#include "reports/chart_renderer.h"
#include "reports/palette.h"
#include "reports/report.h"
#include "tests/reports/sample_results.h"

namespace atonce {
namespace {

using testing::HasSubstr;
using testing::Not;

std::vector<Chart> charts_of(const ResultSet& results) {
  return make_charts(compare(results));
}

TEST(Charts, every_chart_asks_a_question_and_has_its_figures_as_text) {
  for (const auto& results : all_samples())
    for (const auto& chart : charts_of(results)) {
      EXPECT_TRUE(chart.title.ends_with('?')) << chart.title;
      EXPECT_FALSE(chart.caption.empty());
      EXPECT_FALSE(chart.data.rows.empty()) << chart.name;
      for (const auto& row : chart.data.rows)
        EXPECT_EQ(row.cells.size(), chart.data.columns.size()) << chart.name;
    }
}

TEST(Charts, all_points_lie_within_their_axes) {
  for (const auto& results : all_samples())
    for (const auto& chart : charts_of(results))
      for (const auto& series : chart.series) {
        for (const auto& bar : series.bars) {
          EXPECT_GE(bar.from, chart.x.min) << chart.name;
          EXPECT_LE(bar.from, bar.to) << chart.name << ' ' << bar.text;
          EXPECT_LE(bar.to, chart.x.max) << chart.name;
          EXPECT_GE(bar.y, chart.y.min) << chart.name;
          EXPECT_LE(bar.y, chart.y.max) << chart.name;
        }
        for (const auto& tile : series.tiles) {
          EXPECT_GE(tile.from, chart.x.min) << chart.name;
          EXPECT_LE(tile.to, chart.x.max) << chart.name;
          EXPECT_GE(std::min(tile.low, tile.high), chart.y.min) << chart.name;
          EXPECT_LE(std::max(tile.low, tile.high), chart.y.max) << chart.name;
        }
        for (const auto& point : series.points) {
          if (series.name == "ideal" || std::isnan(point.y)) continue;
          EXPECT_GE(point.x, chart.x.min) << chart.name;
          EXPECT_LE(point.x, chart.x.max) << chart.name;
          EXPECT_GE(point.y, chart.y.min) << chart.name;
          EXPECT_LE(point.y, chart.y.max) << chart.name;
        }
      }
}

TEST(Charts, a_runner_has_one_colour_in_all_charts_and_no_other_runner_has_it) {
  std::map<std::string, std::string> runner_of;
  for (const auto& chart : charts_of(sample_results()))
    for (const auto& series : chart.series) {
      const auto runner = series.name.substr(0, series.name.find_first_of("/ "));
      if (runner == "ideal" || runner == "null" || series.colour == "ink") continue;
      EXPECT_EQ(runner_of.try_emplace(series.colour, runner).first->second, runner);
    }
  EXPECT_EQ(runner_of.size(), 5u);
}

TEST(Charts, the_floor_is_only_where_it_tells_something) {
  const auto has_floor = [](const Chart& chart) {
    return std::ranges::count(chart.series, "null", &Series::name) > 0;
  };
  for (const auto& chart : charts_of(sample_results()))
    EXPECT_EQ(has_floor(chart), chart.name == "cpu_per_call") << chart.name;
}

TEST(Charts, without_figures_there_is_no_chart) {
  EXPECT_TRUE(charts_of(empty_results()).empty());
  auto results = sample_results();
  for (auto& trial : results.trials) trial.status = TrialStatus::crashed;
  EXPECT_TRUE(charts_of(results).empty());
}

TEST(Charts, one_trial_is_enough_for_every_chart) {
  auto results = sample_results();
  std::erase_if(results.trials, [](const TrialResult& trial) {
    return trial.key.runner != "curl_multi" || trial.key.cap != 10 || trial.key.repetition > 0;
  });
  EXPECT_EQ(charts_of(results).size(), 7u);
}

TEST(Charts, of_omission_have_both_clocks_for_those_it_matters_for) {
  auto results = sample_omission_results();
  for (auto& trial : results.trials)
    if (trial.key.runner == "thread_pool")
      trial.metrics[index(Metric::response_time)] = trial.metrics[index(Metric::service_time)];
  const auto chart = omission_chart(compare(results));
  ASSERT_TRUE(chart);
  ASSERT_EQ(chart->series.size(), 4u);
  EXPECT_EQ(chart->series[0].name, "asio_coroutines");
  EXPECT_EQ(chart->series[1].name, "asio_coroutines, from the send");
  EXPECT_FALSE(chart->series[0].dashed);
  EXPECT_TRUE(chart->series[1].dashed);
  EXPECT_THAT(chart->series[2].points.at(0).label, testing::EndsWith(" of when they were due"));
  EXPECT_EQ(chart->series[2].name, chart->series[0].name) << "hidden with its curve";
  EXPECT_THAT(chart->series[3].points.at(0).label, HasSubstr("99 % within 21.0 ms of the send"));
  EXPECT_FALSE(omission_chart(compare(sample_results()))) << "a batch waits by design";
}

TEST(Palette, no_two_colours_are_the_same_on_either_paper) {
  std::set<std::string_view> light, dark;
  for (const auto& colour : palette()) {
    EXPECT_TRUE(light.insert(colour.light).second) << colour.name;
    EXPECT_TRUE(dark.insert(colour.dark).second) << colour.name;
  }
}

TEST(Svg, is_described_and_follows_dark_paper) {
  ChartRenderer renderer;
  auto charts = charts_of(sample_results());
  for (const auto& results : {sample_session_results(), sample_course_results()})
    for (auto& chart : charts_of(results)) charts.push_back(std::move(chart));
  for (const auto& chart : charts) {
    const auto svg = renderer.svg(chart, Heading::drawn);
    EXPECT_THAT(svg, HasSubstr("<title id=\"" + chart.name + "-title\">" + chart.title));
    EXPECT_THAT(svg, HasSubstr("<desc id=\"" + chart.name + "-text\">"));
    EXPECT_THAT(svg, HasSubstr("prefers-color-scheme: dark"));
    EXPECT_THAT(svg, Not(HasSubstr("NaN")));
    EXPECT_THAT(svg, Not(HasSubstr("undefined")));
    for (const auto& tick : chart.x.ticks) EXPECT_THAT(svg, HasSubstr(">" + tick.label + "<"));
  }
}

TEST(Svg, draws_every_series_and_every_legend_entry) {
  const auto charts = charts_of(sample_results());
  const auto svg = ChartRenderer().svg(charts.front(), Heading::left_out);
  for (const auto& series : charts.front().series) {
    if (!series.in_legend) continue;
    EXPECT_THAT(svg, HasSubstr(">" + series.name + "</text>"));
  }
}

TEST(Svg, only_colours_of_the_palette_are_used) {
  std::set<std::string_view> known;
  for (const auto& colour : palette()) known.insert(colour.light);
  ChartRenderer renderer;
  auto charts = charts_of(sample_results());
  charts.push_back(charts_of(sample_session_results()).front());
  charts.push_back(charts_of(sample_limit_results()).front());
  for (auto& chart : charts_of(sample_course_results())) charts.push_back(std::move(chart));
  charts.push_back(charts_of(sample_omission_results()).front());
  for (const auto& chart : charts) {
    auto svg = renderer.svg(chart, Heading::drawn);
    svg = svg.substr(svg.find("</style>"));
    for (const std::string attribute : {" fill=\"#", " stroke=\"#"})
      for (auto at = svg.find(attribute); at != std::string::npos;
           at = svg.find(attribute, at + 1)) {
        const auto begin = at + attribute.size() - 1;
        const auto value = svg.substr(begin, svg.find('"', begin) - begin);
        EXPECT_TRUE(known.contains(value) || value == "#000") << chart.name << " " << value;
      }
  }
}

TEST(Svg, is_well_formed_even_with_hostile_names) {
  if (std::system("xmllint --version >/dev/null 2>&1") != 0) GTEST_SKIP() << "no xmllint";
  const auto dir =
      std::filesystem::path(testing::TempDir()) / ("atonce_svg_" + std::to_string(::getpid()));
  for (const auto& results : {sample_session_results(), hostile_results()}) {
    write_reports(results, dir, {"svg"});
    const auto command = "xmllint --noout --nonet " + (dir / "charts").string() + "/*.svg";
    EXPECT_EQ(std::system(command.c_str()), 0);
  }
  std::filesystem::remove_all(dir);
}

}  // namespace
}  // namespace atonce
