#include "reports/unit_costs.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <sstream>

#include "reports/escape.h"

namespace atonce {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

std::string file_of(std::string_view runs) {
  return fmt::format(
      R"({{"context": {{"date": "today", "CPU": "fast", "caches": [], "load_avg": [1, 2.5, 3]}},
          "benchmarks": [{}]}})",
      runs);
}

std::string time_run(std::string_view name, double nanoseconds) {
  return fmt::format(R"({{"name": "{}", "run_type": "iteration", "items_per_second": {}}})", name,
                     1e9 / nanoseconds);
}

std::string memory_run(std::string_view kind, int units, double bytes) {
  return fmt::format(
      R"({{"name": "unit_costs/{}/memory/units:{}/iterations:1", "bytes_per_unit": {},
          "page_table_bytes_per_unit": 4096}})",
      kind, units, bytes);
}

std::string failed_run(std::string_view name, std::string_view reason) {
  return fmt::format(R"({{"name": "{}", "error_occurred": true, "error_message": "{}"}})", name,
                     reason);
}

template <class... Runs>
UnitCosts costs_of(const Runs&... runs) {
  const std::vector<std::string> all{runs...};
  return unit_costs_from_json(file_of(fmt::format("{}", fmt::join(all, ","))));
}

std::string message_of(std::string_view text) {
  try {
    unit_costs_from_json(text);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "nothing was thrown";
}

/// The texts of one row of the table.
std::vector<std::string> row(const UnitCosts& costs, std::string_view label) {
  std::vector<std::string> texts;
  for (const auto& row : unit_cost_table(costs).rows)
    if (row.cells.front().text == label)
      for (const auto& cell : row.cells) texts.push_back(cell.text);
  return texts;
}

TEST(UnitCosts, a_time_is_the_median_of_the_repetitions_without_the_aggregates) {
  const auto costs =
      costs_of(time_run("unit_costs/thread/switch/real_time", 1000),
               time_run("unit_costs/thread/switch/real_time", 9000),
               time_run("unit_costs/thread/switch/real_time", 2000),
               R"({"name": "unit_costs/thread/switch/real_time_mean", "run_type": "aggregate"})");
  EXPECT_NEAR(*costs.kinds.at("thread").change, 2000, 1e-6);
  EXPECT_FALSE(costs.kinds.at("thread").create_join);
}

TEST(UnitCosts, what_google_benchmark_writes_for_no_number_does_no_harm) {
  const auto costs =
      costs_of(memory_run("coroutine", 1, 0),
               R"({"name": "unit_costs/coroutine/memory/units:1_cv", "run_type": "aggregate",
          "bytes_per_unit": NaN, "real_time": -Infinity})");
  EXPECT_EQ(costs.kinds.at("coroutine").memory->bytes, 0);
  EXPECT_THAT(
      message_of(file_of(R"({"name": "unit_costs/thread/switch", "items_per_second": Infinity})")),
      HasSubstr("a number"));
}

TEST(UnitCosts, memory_is_that_of_the_most_units) {
  const auto costs = costs_of(memory_run("thread", 10000, 8192), memory_run("thread", 9, 99999),
                              memory_run("thread", 100, 77777));
  EXPECT_EQ(costs.kinds.at("thread").memory->units, 10000u);
  EXPECT_EQ(row(costs, "thread"),
            (std::vector<std::string>{"thread", "-", "-", "8.00 KiB", "4.00 KiB", "10000",
                                      "a few MB", "medium", "pre-emptive", "shared"}));
}

TEST(UnitCosts, results_of_other_suites_are_left_out) {
  const auto costs = costs_of(R"({"name": "clock_stamp"})", memory_run("coroutine", 1, 48));
  EXPECT_EQ(costs.kinds.size(), 1u);
}

TEST(UnitCosts, a_dash_has_its_reason) {
  const auto costs = costs_of(
      failed_run("unit_costs/tbb_task/switch", "no stacks"),
      failed_run("unit_costs/thread/memory/units:10000", "pids.max allows 500"),
      memory_run("thread", 100, 8192), failed_run("unit_costs/process/memory/units:1", "no fork"));
  const auto gaps = unit_cost_gaps(costs);
  EXPECT_THAT(gaps, Contains("switch of TBB task: no stacks"));
  EXPECT_THAT(gaps, Contains("memory of 10000 units of thread: pids.max allows 500"));
  EXPECT_THAT(gaps, Contains("memory of process, forked: no fork"));
  EXPECT_THAT(gaps, Contains("switch of process, spawned: once both run, they switch as forked "
                             "ones do"));
  EXPECT_THAT(gaps, Contains("memory of C++20 coroutine; Asio coroutine; Asio callback; TBB task; "
                             "process, spawned: not in the file"));
}

TEST(UnitCosts, a_refusal_below_the_most_units_measured_is_no_gap) {
  const auto costs = costs_of(failed_run("unit_costs/thread/memory/units:1", "too busy"),
                              memory_run("thread", 100, 8192));
  EXPECT_THAT(unit_cost_gaps(costs), Not(Contains(HasSubstr("too busy"))));
}

TEST(UnitCosts, the_headline_compares_once_all_figures_are_there) {
  std::vector<std::string> runs;
  for (const auto* kind : {"asio_coroutine", "thread", "process"}) {
    const double size = kind[0] == 'a' ? 1 : kind[0] == 't' ? 2 : 25;
    runs.push_back(time_run(fmt::format("unit_costs/{}/switch", kind), 100 * size));
    runs.push_back(memory_run(kind, 10, 4096 * (2 * size - 1)));
  }
  const auto all = fmt::format("{}", fmt::join(runs, ","));
  EXPECT_EQ(unit_cost_headline(unit_costs_from_json(file_of(all))),
            "Against an Asio coroutine, a thread takes 2.0 times the memory, page tables included, "
            "and 2.0 times as long to switch; a forked process 25 and 25 times");
  EXPECT_EQ(unit_cost_headline(costs_of(runs[0])), "What one unit of concurrency costs");
}

TEST(UnitCosts, a_wrong_file_is_refused_with_what_is_wrong) {
  EXPECT_THAT(message_of("{\"context\": {}"), HasSubstr("not valid JSON"));
  EXPECT_THAT(message_of("[]"), HasSubstr("expected an object"));
  EXPECT_THAT(message_of("{\"schema\": \"x\"}"), HasSubstr("not a result of Google Benchmark"));
  EXPECT_THAT(message_of(file_of(R"({"name": "clock_stamp"})")), HasSubstr("unit_costs"));
  EXPECT_THAT(message_of(file_of(time_run("unit_costs/thread/switch", -1))), HasSubstr("above 0"));
  EXPECT_THAT(message_of(file_of(R"({"name": "unit_costs/thread/memory", "bytes_per_unit": 1})")),
              HasSubstr("units"));
}

std::string content_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

const std::string hostile = R"(\u001b[31m<b>|`x` )" + std::string(90, 'y');

TEST(UnitCostDocuments, no_line_of_the_terminal_is_too_long_or_commands_it) {
  const auto costs =
      costs_of(failed_run("unit_costs/thread/switch", hostile), memory_run("process", 1000, 45000));
  for (const int width : {60, 80, 132}) {
    std::istringstream text(unit_cost_terminal(costs, false, width));
    for (std::string line; std::getline(text, line);) {
      EXPECT_LE(display_width(line), static_cast<std::size_t>(width)) << line;
      EXPECT_THAT(line, Not(HasSubstr("\x1b")));
    }
  }
}

TEST(UnitCostDocuments, markdown_and_html_have_every_row_and_foreign_text_is_text) {
  const auto dir =
      std::filesystem::path(testing::TempDir()) / fmt::format("atonce_unit_costs_{}", ::getpid());
  const auto costs = costs_of(failed_run("unit_costs/thread/switch", hostile));
  write_unit_costs(costs, dir);
  const auto markdown = content_of(dir / "unit_costs.md");
  const auto html = content_of(dir / "unit_costs.html");
  std::filesystem::remove_all(dir);
  for (const auto& row : unit_cost_table(costs).rows) {
    EXPECT_THAT(markdown, HasSubstr("| " + escape_markdown(row.cells.front().text) + " |"));
    EXPECT_THAT(html, HasSubstr("<bdi>" + row.cells.front().text + "</bdi>"));
  }
  EXPECT_THAT(html, Not(HasSubstr("<b>")));
  EXPECT_THAT(markdown, Not(HasSubstr("<b>")));
  EXPECT_THAT(markdown, HasSubstr("| load average before | 1.00 2.50 3.00"));
}

}  // namespace
}  // namespace atonce
