#include "reports/section.h"

#include <gmock/gmock.h>

#include <set>

#include "reports/names.h"
#include "tests/reports/sample_results.h"

namespace atonce {
namespace {

std::vector<std::string> titles_of(const ResultSet& results) {
  std::vector<std::string> titles;
  const auto comparison = compare(results);
  for (const auto& section : aspect_sections(comparison)) titles.push_back(section.title);
  return titles;
}

std::vector<std::string> headers_of(const Table& table) {
  std::vector<std::string> headers;
  for (const auto& column : table.columns) headers.push_back(column.header);
  return headers;
}

TEST(Figures, each_has_names_of_its_own_and_a_meaning) {
  std::set<std::string_view> headers, briefs;
  for (std::size_t i = 0; i < figure_count; ++i) {
    const auto& about = entry(static_cast<Figure>(i));
    EXPECT_TRUE(headers.insert(about.header).second) << about.header;
    EXPECT_TRUE(briefs.insert(about.brief).second) << about.brief;
    EXPECT_FALSE(about.meaning.empty()) << about.header;
  }
}

TEST(Figures, whole_counts_are_written_whole) {
  EXPECT_EQ(format(Unit::count, 3), "3");
  EXPECT_EQ(format(Unit::count, 999), "999");
  EXPECT_EQ(format(Unit::count, 2.5), "2.50");
  EXPECT_EQ(format(Unit::count, 12'000), "12.0k");
}

TEST(Aspects, are_shown_where_the_results_tell_of_them) {
  using testing::ElementsAre;
  EXPECT_THAT(titles_of(sample_results()), ElementsAre());
  EXPECT_THAT(titles_of(sample_session_results()), ElementsAre("Sessions"));
  EXPECT_THAT(titles_of(sample_abort_results()), ElementsAre("Giving up early"));
  EXPECT_THAT(titles_of(sample_stream_results()), ElementsAre("Streaming"));
  EXPECT_THAT(titles_of(sample_limit_results()), ElementsAre("Retries and limits"));
  EXPECT_THAT(titles_of(sample_step_results()), ElementsAre("The event loop"));
  EXPECT_THAT(titles_of(sample_pool_results()), ElementsAre("Where calls wait"));
  EXPECT_THAT(titles_of(sample_omission_results()),
              ElementsAre("What a clock that starts at the send would have claimed"));
}

TEST(Aspects, have_a_cell_for_every_column) {
  for (const auto& results : all_samples()) {
    const auto comparison = compare(results);
    for (const auto& section : aspect_sections(comparison)) {
      EXPECT_FALSE(section.table.rows.empty()) << section.title;
      for (const auto& row : section.table.rows)
        EXPECT_EQ(row.cells.size(), section.table.columns.size()) << section.title;
    }
  }
}

TEST(Aspects, have_no_column_without_a_figure) {
  auto results = sample_session_results();
  const auto wanted = testing::Contains("critical path");
  EXPECT_THAT(headers_of(aspect_sections(compare(results)).front().table), wanted);
  for (auto& trial : results.trials) trial.metrics[index(Metric::session_critical_path)] = {};
  EXPECT_THAT(headers_of(aspect_sections(compare(results)).front().table), testing::Not(wanted));
}

TEST(Aspects, of_many_rows_show_one_per_contender_but_all_of_the_winner) {
  auto results = sample_results();
  for (auto& trial : results.trials)
    trial.metrics[index(Metric::ttft)].ok.record(std::chrono::milliseconds(5));
  const auto comparison = compare(results);
  EXPECT_EQ(comparison.rows.size(), 36u);
  EXPECT_EQ(aspect_sections(comparison).front().table.rows.size(), 11u);
}

TEST(HttpLibrary, of_a_runner_with_one_transport_is_known) {
  EXPECT_EQ(http_library("asio_coroutines", ""), "beast");
  EXPECT_EQ(http_library("curl_multi", ""), "curl");
  EXPECT_EQ(http_library("thread_pool", "curl-easy"), "curl");
  EXPECT_EQ(http_library("thread_pool", "cpp-httplib"), "cpp-httplib");
  EXPECT_EQ(http_library("thread_pool", "beast"), "beast");
  EXPECT_EQ(http_library("null", ""), "");
}

TEST(ModelTable, has_models_down_and_libraries_across) {
  const auto results = sample_stream_results();
  const auto section = model_section(compare(results));
  ASSERT_TRUE(section);
  EXPECT_THAT(headers_of(section->table),
              testing::ElementsAre("model", "beast", "cpp-httplib", "curl"));
  std::vector<std::vector<std::string>> filled;
  for (const auto& row : section->table.rows) {
    filled.push_back({row.cells.front().text});
    for (std::size_t i = 1; i < row.cells.size(); ++i)
      if (row.cells[i].text != no_figure) filled.back().push_back(section->table.columns[i].header);
  }
  EXPECT_THAT(filled, testing::ElementsAre(
                          testing::ElementsAre("asio_coroutines", "beast"),
                          testing::ElementsAre("curl_multi", "curl"),
                          testing::ElementsAre("thread_pool", "beast", "cpp-httplib", "curl")));
}

TEST(ModelTable, is_left_out_where_no_model_was_played_on_two_libraries) {
  EXPECT_FALSE(model_section(compare(sample_session_results())));
  EXPECT_FALSE(model_section(compare(empty_results())));
}

}  // namespace
}  // namespace atonce
