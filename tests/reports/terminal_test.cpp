#include "reports/terminal.h"

#include <gmock/gmock.h>

#include <sstream>

#include "reports/escape.h"
#include "reports/table.h"
#include "reports/terminal_table.h"
#include "tests/reports/sample_results.h"

namespace atonce {
namespace {

using testing::HasSubstr;
using testing::Not;

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::string without_colour(std::string text) {
  for (auto at = text.find('\x1b'); at != std::string::npos; at = text.find('\x1b', at))
    text.erase(at, text.find('m', at) + 1 - at);
  return text;
}

TEST(TerminalSummary, no_line_is_longer_than_the_width) {
  auto all = all_samples();
  all.push_back(hostile_results());
  all.push_back(empty_results());
  for (const auto& results : all)
    for (const int width : {60, 80, 100, 132, 200})
      for (const auto& line : lines_of(terminal_summary(results, false, width)))
        EXPECT_LE(display_width(line), static_cast<std::size_t>(width)) << line;
}

TEST(TerminalSummary, needs_two_tables_in_80_columns_and_one_in_160) {
  const auto count = [](int width) {
    const auto lines = lines_of(terminal_summary(sample_results(), false, width));
    return std::ranges::count_if(
        lines, [](const std::string& line) { return line.starts_with(" runner"); });
  };
  EXPECT_EQ(count(80), 2);
  EXPECT_EQ(count(160), 1);
}

TEST(TerminalSummary, every_column_is_somewhere) {
  const auto text = terminal_summary(sample_results(), false, 80);
  for (const auto* word : {"makespan", "ideal", "p50", "p90", "p99", "client", "CPU", "mem",
                           "errors", "verdict", "CRASHED", "SUSPECT"})
    EXPECT_THAT(text, HasSubstr(word));
}

TEST(TerminalSummary, shows_intervals_of_the_leading_figures_where_there_is_no_room_for_all) {
  const auto narrow = terminal_summary(sample_results(), false, 80);
  EXPECT_THAT(narrow, HasSubstr(" 74.2±0.7 ms  1.00±0.01  51.4 ms "));
  EXPECT_THAT(terminal_summary(sample_results(), false, 200), HasSubstr(" 51.4±"));
  EXPECT_THAT(narrow,
              HasSubstr("95 % intervals, ± the longer side: Student's t on the logarithms"));
}

TEST(TerminalSummary, marks_percentiles_of_too_few_calls_and_makes_them_faint) {
  const auto text = terminal_summary(sample_results(), true, 80);
  EXPECT_THAT(text, HasSubstr("\x1b[2m74.1 ms†\x1b[0m"));
  EXPECT_THAT(text, HasSubstr("† p99 needs 459 calls, there are 100."));
}

TEST(TerminalTable, breaks_text_at_spaces_only) {
  EXPECT_EQ(wrapped("95 % of it", 60, 2), "95 % of it\n");
  EXPECT_EQ(wrapped("12 3456 78", 7, 2), "12 3456\n  78\n");
}

TEST(TerminalSummary, begins_with_the_conclusion_and_marks_the_winner) {
  const auto lines = lines_of(terminal_summary(sample_results(), false, 200));
  EXPECT_THAT(lines[0], HasSubstr("was fastest: 100 calls in"));
  const auto winner = lines[0].substr(0, lines[0].find(' '));
  EXPECT_EQ(std::ranges::count_if(
                lines, [&](const std::string& line) { return line.starts_with("*" + winner); }),
            1);
}

TEST(TerminalSummary, says_the_verdict_in_one_line_and_then_the_reasons) {
  const auto text = terminal_summary(sample_results(), false, 200);
  EXPECT_THAT(text, HasSubstr("\nINVALID: 34 VALID, 1 SUSPECT, 1 INVALID of 36 configurations\n"
                              "INVALID crashed: ended by signal 11"));
  auto results = sample_open_results();
  results.strict = true;
  EXPECT_THAT(terminal_summary(results, false, 200),
              HasSubstr("\nSUSPECT: 35 VALID, 1 SUSPECT of 36 configurations, a failure under "));
}

TEST(TerminalSummary, colour_changes_nothing_but_colour) {
  const auto plain = terminal_summary(sample_results(), false, 80);
  EXPECT_THAT(plain, Not(HasSubstr("\x1b")));
  const auto coloured = terminal_summary(sample_results(), true, 80);
  EXPECT_NE(coloured, plain);
  EXPECT_EQ(without_colour(coloured), plain);
}

TEST(TerminalSummary, hostile_text_cannot_command_the_terminal) {
  for (const char c : terminal_summary(hostile_results(), false, 80))
    EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20) << int{c};
}

TEST(TerminalSummary, an_empty_set_is_one_sentence) {
  EXPECT_EQ(lines_of(terminal_summary(empty_results(), false, 80)).front(),
            "No trial gave a figure that can be ranked.");
}

TEST(SummaryTable, every_row_has_a_cell_for_every_column) {
  const auto results = sample_results();
  const auto table = summary_table(compare(results));
  EXPECT_EQ(table.rows.size(), 36u);
  for (const auto& row : table.rows) EXPECT_EQ(row.cells.size(), table.columns.size());
}

TEST(SummaryTable, shows_throughput_and_no_ideal_for_an_open_load) {
  const auto results = sample_open_results();
  const auto table = summary_table(compare(results));
  EXPECT_EQ(std::ranges::count(table.columns, "calls/s", &Column::header), 1);
  EXPECT_EQ(std::ranges::count(table.columns, "makespan", &Column::header), 0);
}

TEST(MatrixTable, has_the_ideal_first_and_every_contender_under_every_cap) {
  const auto results = sample_results();
  const auto table = matrix_table(compare(results));
  EXPECT_EQ(table.columns.size(), 5u);
  EXPECT_EQ(table.rows.size(), 10u);
  EXPECT_EQ(table.rows.front().cells.front().text, "ideal");
  EXPECT_TRUE(matrix_table(compare(sample_open_results())).rows.empty());
}

}  // namespace
}  // namespace atonce
