#include "reports/accounts.h"

#include <gmock/gmock.h>

#include "reports/document.h"
#include "tests/reports/sample_results.h"

namespace atonce {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST(Conservation, names_what_there_was_besides_ok) {
  Ledger ledger{.scheduled = 100};
  ledger.calls[index(Outcome::ok)] = 98;
  ledger.calls[index(Outcome::reset)] = 1;
  ledger.calls[index(Outcome::read_timeout)] = 1;
  EXPECT_EQ(conservation(ledger), "100 scheduled = 98 ok + 1 reset + 1 read_timeout");
  ledger.calls[index(Outcome::reset)] = 0;
  EXPECT_EQ(conservation(ledger), "100 scheduled ≠ 98 ok + 1 read_timeout");
  EXPECT_EQ(conservation(Ledger{}), "0 scheduled = 0 ok");
}

TEST(Accounts, are_one_sentence_where_all_balance) {
  const auto results = sample_open_results();
  const auto line = accounts_line(compare(results));
  EXPECT_THAT(line, StartsWith("Every call accounted for in 36 trials: 3600 scheduled = 3598 ok + "
                               "1 reset + 1 read_timeout; the server saw"));
}

TEST(Accounts, name_who_does_not_balance) {
  auto results = sample_open_results();
  results.trials[1].ledger.calls[index(Outcome::ok)] -= 1;
  EXPECT_EQ(accounts_line(compare(results)),
            "Not every call is accounted for: curl_multi at cap 1, 100 scheduled ≠ 99 ok.");
}

TEST(Accounts, count_what_the_server_says_it_saw) {
  auto results = sample_open_results();
  results.trials[0].server->attempts = 99;
  EXPECT_THAT(accounts_line(compare(results)), StartsWith("Not every call"));
  const auto table = accounts_table(compare(results));
  EXPECT_EQ(table.rows.size(), 36u);
  EXPECT_TRUE(std::ranges::any_of(table.rows, [](const TableRow& row) {
    return row.cells.back().text == "99" && row.cells[2].tone == Tone::bad;
  }));
}

TEST(Accounts, of_nothing_say_nothing) {
  const auto results = empty_results();
  EXPECT_EQ(accounts_line(compare(results)), "");
}

TEST(Document, says_of_a_warm_up_that_it_is_not_in_the_figures) {
  const auto facts = make_document(sample_course_results(), false).run;
  const auto found = std::ranges::find(facts, "Warm-up", &Facts::value_type::first);
  ASSERT_NE(found, facts.end());
  EXPECT_THAT(found->second, HasSubstr("2.00 s, 1000 calls"));
  const auto without = make_document(sample_results(), false).run;
  EXPECT_EQ(std::ranges::count(without, "Warm-up", &Facts::value_type::first), 0);
}

}  // namespace
}  // namespace atonce
