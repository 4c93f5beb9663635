#include "reports/comparison.h"

#include <gmock/gmock.h>

#include "reports/notes.h"
#include "reports/winner.h"
#include "tests/reports/sample_results.h"

namespace atonce {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TrialResult trial(const std::string& runner, std::size_t cap, std::int64_t milliseconds) {
  TrialResult result;
  result.key = {runner, "", cap, cap, 1, 0};
  result.ledger.scheduled = result.attempts = 100;
  result.ledger.calls[index(Outcome::ok)] = 100;
  result.makespan = std::chrono::milliseconds(milliseconds);
  result.ideal_makespan = std::chrono::milliseconds(100);
  result.metrics[index(Metric::response_time)].ok.record(result.makespan);
  return result;
}

ResultSet set_of(std::vector<TrialResult> trials, LoadShape shape = LoadShape::batch) {
  ResultSet results;
  results.shape = shape;
  results.trials = std::move(trials);
  results.planned_trials = results.trials.size();
  return results;
}

TEST(Spread, is_the_middle_with_the_ends) {
  EXPECT_FALSE(spread({}));
  EXPECT_EQ(spread({3, 1, 2})->median, 2);
  EXPECT_EQ(spread({4, 1, 2, 3})->median, 2.5);
  EXPECT_EQ(spread({4, 1, 2, 3})->min, 1);
  EXPECT_EQ(spread({4, 1, 2, 3})->max, 4);
}

TEST(Comparison, repetitions_become_one_row) {
  const auto results = set_of({trial("a", 10, 300), trial("a", 10, 100), trial("a", 10, 200)});
  const auto comparison = compare(results);
  ASSERT_EQ(comparison.rows.size(), 1u);
  EXPECT_EQ(comparison.rows[0].figure(Figure::makespan)->median, 200e6);
  EXPECT_EQ(comparison.rows[0].calls, 300u);
}

TEST(Comparison, is_the_same_for_every_order_of_trials) {
  auto results = sample_results();
  const auto before = headline(compare(results));
  std::ranges::reverse(results.trials);
  EXPECT_EQ(headline(compare(results)), before);
  EXPECT_EQ(compare(results).caps.back(), unlimited);
}

TEST(Comparison, rows_go_by_cap_then_the_best_first_then_the_floor) {
  const auto results =
      set_of({trial("b", 20, 150), trial("null", 10, 1), trial("a", 10, 300), trial("b", 10, 200)});
  const auto comparison = compare(results);
  std::vector<std::string> order;
  for (const auto& row : comparison.rows) order.push_back(describe(comparison, row));
  EXPECT_THAT(order,
              testing::ElementsAre("b at cap 10", "a at cap 10", "null at cap 10", "b at cap 20"));
}

TEST(Winner, is_the_shortest_batch_but_never_the_floor) {
  const auto results =
      set_of({trial("slow", 10, 500), trial("fast", 10, 105), trial("null", 10, 1)});
  EXPECT_EQ(
      headline(compare(results)),
      "fast at cap 10 was fastest: 100 calls in 105 ms, 0.95 of the ideal; slow took 500 ms.");
}

TEST(Winner, ties_are_named) {
  const auto results = set_of({trial("a", 10, 100), trial("b", 10, 101), trial("c", 10, 150)});
  EXPECT_THAT(headline(compare(results)), HasSubstr("; b was within 2 %; c took 150 ms."));
}

TEST(Winner, must_be_without_errors_if_anyone_is) {
  auto hasty = trial("hasty", 10, 50);
  hasty.ledger.calls[index(Outcome::ok)] = 99;
  hasty.ledger.calls[index(Outcome::reset)] = 1;
  EXPECT_THAT(headline(compare(set_of({hasty, trial("sound", 10, 100)}))), StartsWith("sound"));
  EXPECT_THAT(headline(compare(set_of({hasty}))), HasSubstr("but 1 of 100 calls failed"));
}

TEST(Winner, must_not_be_invalid_interrupted_or_crashed) {
  auto invalid = trial("invalid", 10, 10);
  invalid.verdict.reasons = {{VerdictLevel::invalid, "not_conserved", "..."}};
  auto stopped = trial("stopped", 10, 10);
  stopped.status = TrialStatus::interrupted;
  auto crashed = trial("crashed", 10, 10);
  crashed.status = TrialStatus::crashed;
  const auto results = set_of({invalid, stopped, crashed});
  EXPECT_EQ(headline(compare(results)), "No trial gave a figure that can be ranked.");
  EXPECT_FALSE(compare(results).winner);
}

TEST(Winner, of_a_closed_load_carries_the_most) {
  const auto results = set_of({trial("a", 10, 1000), trial("b", 10, 500)}, LoadShape::closed);
  EXPECT_THAT(headline(compare(results)), StartsWith("b at cap 10 carried the most: 200/s"));
  EXPECT_THAT(headline(compare(results)), HasSubstr("a reached 100/s."));
}

TEST(Winner, under_a_given_rate_must_carry_it) {
  auto quick_but_few = trial("quick", 1, 1000);
  quick_but_few.metrics[index(Metric::response_time)].ok = Histogram();
  quick_but_few.metrics[index(Metric::response_time)].ok.record(Nanos{1000});
  const auto results = set_of({quick_but_few, trial("b", 10, 500)}, LoadShape::poisson);
  EXPECT_THAT(headline(compare(results)), StartsWith("b at cap 10 answered fastest"));
}

TEST(Winner, an_interrupted_run_says_so_first) {
  auto results = set_of({trial("a", 10, 100)});
  results.interrupted = true;
  results.planned_trials = 8;
  EXPECT_THAT(headline(compare(results)),
              StartsWith("Interrupted: 1 of 8 trials are in. a at cap"));
}

TEST(Notes, one_finding_is_told_once_with_all_whom_it_concerns) {
  auto results = sample_results();
  for (auto& one : results.trials)
    one.verdict.reasons.push_back({VerdictLevel::suspect, "shared_cores", "cores are shared"});
  const auto notes = notes_of(compare(results));
  const auto shared = std::ranges::find(notes, "shared_cores", &Note::code);
  ASSERT_NE(shared, notes.end());
  EXPECT_EQ(shared->who(), "every configuration");
  EXPECT_EQ(std::ranges::count(notes, "shared_cores", &Note::code), 1);
  EXPECT_EQ(notes.front().level, VerdictLevel::invalid);
}

TEST(Notes, failed_calls_are_told_by_outcome) {
  const auto results = sample_results();
  const auto notes = notes_of(compare(results));
  const auto errors = std::ranges::find(notes, "errors", &Note::code);
  ASSERT_NE(errors, notes.end());
  EXPECT_EQ(errors->message, "6 of 300 calls failed (3 reset, 3 read_timeout)");
  EXPECT_EQ(errors->who(), "thread_pool/curl-easy at cap 20");
}

TEST(Notes, raw_samples_left_out_are_told_without_blame) {
  auto results = sample_results();
  const auto told = [&] {
    const auto notes = notes_of(compare(results));
    return std::ranges::count(notes, "raw_samples_limited", &Note::code);
  };
  EXPECT_EQ(told(), 0);
  results.trials.front().raw_overflowed = true;
  EXPECT_EQ(told(), 1);
  EXPECT_EQ(notes_of(compare(results)).back().level, VerdictLevel::valid);
}

}  // namespace
}  // namespace atonce
