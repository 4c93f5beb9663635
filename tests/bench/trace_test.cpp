#include "bench/trace.h"

#include <gmock/gmock.h>

#include "bench/csv.h"
#include "bench/timestamp.h"

namespace atonce {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using namespace std::chrono_literals;

std::vector<std::vector<std::string>> rows_of(std::string_view text) {
  CsvReader reader(text);
  std::vector<std::vector<std::string>> rows;
  for (std::vector<std::string> cells; reader.next(cells);) rows.push_back(cells);
  return rows;
}

TEST(Csv, knows_quotes_line_ends_blank_lines_and_a_byte_order_mark) {
  EXPECT_THAT(rows_of("\xEF\xBB\xBF"
                      "a,b\r\n\r\n\"1,\"\"x\"\"\n2\",\n  \n,\"\"\r\nlast,row"),
              ElementsAre(ElementsAre("a", "b"), ElementsAre("1,\"x\"\n2", ""), ElementsAre("", ""),
                          ElementsAre("last", "row")));
  EXPECT_THAT(rows_of(""), ElementsAre());
  EXPECT_THAT(rows_of("\"\"\"\"\n"), ElementsAre(ElementsAre("\"")));
  EXPECT_THAT(rows_of("a,\n"), ElementsAre(ElementsAre("a", "")));
  EXPECT_THAT(rows_of("a,"), ElementsAre(ElementsAre("a", "")));
}

TEST(Csv, numbers_the_line_where_a_row_begins) {
  CsvReader reader("a\n\n\"x\ny\"\nb\n");
  std::vector<std::size_t> lines;
  for (std::vector<std::string> cells; reader.next(cells);) lines.push_back(reader.line());
  EXPECT_THAT(lines, ElementsAre(1u, 3u, 5u));
}

TEST(Csv, broken_quotes_are_refused) {
  EXPECT_THROW(rows_of("\"a"), std::invalid_argument);
  EXPECT_THROW(rows_of("\"a\"b,c"), std::invalid_argument);
}

TEST(Timestamp, is_a_number_of_seconds_or_a_date_with_any_number_of_decimals) {
  const auto ns = [](std::string_view text) { return parse_timestamp(text).since_zero; };
  EXPECT_EQ(ns("12.5"), 12'500ms);
  EXPECT_EQ(ns("1.5e-3"), 1500us);
  EXPECT_EQ(ns("1700158623.123456789"), Nanos{1'700'158'623'123'456'789});
  EXPECT_EQ(ns("2023-11-16 18:17:03.9799600"), Nanos{1'700'158'623'979'960'000});
  EXPECT_EQ(ns("2023-11-16T18:17:03Z"), 1'700'158'623s);
  EXPECT_EQ(ns("2023-11-16 18:17:03.1234567899"), Nanos{1'700'158'623'123'456'789});
  EXPECT_EQ(ns("2023-11-16T19:17:03.5+01:00"), 1'700'158'623'500ms);
  EXPECT_EQ(ns("2023-11-16T13:47:03-04:30"), 1'700'158'623s);
  EXPECT_EQ(ns("2024-02-29 00:00:00") - ns("2024-02-28 23:59:59"), 1s);
  EXPECT_TRUE(parse_timestamp("2024-02-29 00:00:00").is_date_time);
  EXPECT_FALSE(parse_timestamp("2024").is_date_time);
}

TEST(Timestamp, anything_else_is_refused) {
  for (const char* wrong : {"",
                            "soon",
                            "1s",
                            "nan",
                            "inf",
                            "1e300",
                            "2023-02-29 00:00:00",
                            "2023-11-16",
                            "23-11-16 1:1:1",
                            "2023-11-16 24:00:00",
                            "2023-11-16 18:17",
                            "2023-11-16 18:17:03.",
                            "2023-11-16 18:17:03,5",
                            "2023-11-16 18:17:03+1",
                            "2023-11-16 18:17:03 Z",
                            "2023-1-16 18:17:03",
                            "1600-01-01 00:00:00",
                            "2023-11--6 18:17:03",
                            "2023-11-16 18:17:+3",
                            "2023-11-16 18:17:03Z1"})
    EXPECT_THROW(parse_timestamp(wrong), std::invalid_argument) << wrong;
}

TEST(Trace, begins_at_0_in_the_order_of_time) {
  const Trace trace = parse_trace(
      "TIMESTAMP,ContextTokens,GeneratedTokens\n"
      "2023-11-16 18:17:04.0319600,3180,8\n"
      "2023-11-16 18:17:03.9799600,4808,10\n"
      "2023-11-16 18:17:04.0319600,1,2\n",
      {});
  ASSERT_EQ(trace.rows.size(), 3u);
  EXPECT_EQ(trace.rows[0].at, 0s);
  EXPECT_EQ(trace.rows[0].input_tokens, 4808u);
  EXPECT_EQ(trace.rows[0].output_tokens, 10u);
  EXPECT_EQ(trace.rows[1].at, 52ms);
  EXPECT_EQ(trace.rows[1].input_tokens, 3180u) << "rows of one time keep their order";
  EXPECT_EQ(trace.rows[2].input_tokens, 1u);
  EXPECT_TRUE(trace.has_input_tokens && trace.has_output_tokens);
}

TEST(Trace, finds_its_columns_by_well_known_or_given_names) {
  const auto second = [](std::string_view csv, const TraceColumns& columns = {}) {
    return parse_trace(csv, columns).rows.at(1);
  };
  const TraceRow burst = second(
      "Timestamp,Model,Request tokens,Response tokens,Log Type\n5,x,1,2,a\n\"7\",y, 30 ,40,b\n");
  EXPECT_EQ(burst.at, 2s);
  EXPECT_EQ(burst.input_tokens, 30u);
  EXPECT_EQ(burst.output_tokens, 40u);
  EXPECT_EQ(second("input_length,arrival_time\n1,0\n9,1\n").input_tokens, 9u);
  const TraceRow given = second("a,b,c,time\n1,2,3,4\n5,6,7,8\n",
                                {.time = "A", .input_tokens = "b", .output_tokens = "c"});
  EXPECT_EQ(given.at, 4s);
  EXPECT_EQ(given.input_tokens, 6u);
  EXPECT_EQ(given.output_tokens, 7u);
  EXPECT_FALSE(parse_trace("time\n1\n", {}).has_input_tokens);
}

struct Wrong {
  const char *csv, *expected;
  TraceColumns columns{};
};

class WrongTrace : public ::testing::TestWithParam<Wrong> {};

TEST_P(WrongTrace, is_refused_with_its_line) {
  try {
    parse_trace(GetParam().csv, GetParam().columns);
    FAIL() << "no error";
  } catch (const std::invalid_argument& error) {
    EXPECT_THAT(error.what(), ::testing::StartsWith(GetParam().expected));
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, WrongTrace,
    ::testing::Values(
        Wrong{"", "1: expected a header line"}, Wrong{"time\n\n", "3: expected a row"},
        Wrong{"\n\nwhen,tokens\n1,2\n", "3: no column has the name of a time"},
        Wrong{"time,timestamp\n1,2\n", "1: the columns 'time' and 'timestamp' could both"},
        Wrong{"t,x\n1,2\n", "1: there is no column 'y'; the columns are: t, x", {.time = "y"}},
        Wrong{"time,input_tokens\n1,2\n\n3,many\n",
              "4: input_tokens: expected a whole number up to 10000000, got 'many'"},
        Wrong{"time,input_tokens\n1,-2\n", "2: input_tokens"},
        Wrong{"time,input_tokens\n1,\n", "2: input_tokens"},
        Wrong{"time,output_len\n1,99999999999\n", "2: output_len"},
        Wrong{"time\nsoon\n", "2: time: expected seconds such as 12.5"},
        Wrong{"time\n1\n2023-11-16 18:17:03\n", "3: time: some rows have a number"},
        Wrong{"time,a\n1,2\n1\n", "3: expected 2 cells as in the header, got 1"},
        Wrong{"time,a\n1,\"2\n", "2: a quoted cell is not closed"}));

}  // namespace
}  // namespace atonce
