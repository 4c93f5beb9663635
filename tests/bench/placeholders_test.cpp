#include "bench/placeholders.h"

#include <gmock/gmock.h>

namespace atonce {
namespace {

using ::testing::ElementsAre;

/// Two calls, the first of which is filled in.
Schedule two_calls(const std::string& body, std::size_t sessions) {
  Request filled, plain;
  filled.body = body;
  plain.body = "same";
  SessionPlan plan{.stages = {{.name = "a", .calls = {0, 1}, .after = {}}}};
  return make_schedule({.sessions = sessions}, std::move(plan), {filled, plain}, 1);
}

const std::string& body_of(const Schedule& schedule, std::uint32_t session, std::size_t call) {
  return schedule.requests[schedule.plan_of(session).stages[0].calls[call]].body;
}

TEST(Placeholders, become_the_numbers_of_each_row) {
  Schedule schedule = two_calls("${output_tokens} of ${input_tokens}: '${input_text}'", 3);
  fill_in(schedule, std::vector<TraceRow>{{{}, 2, 7}, {{}, 1000, 0}, {{}, 0, 1}});
  EXPECT_THAT(body_of(schedule, 0, 0), ::testing::MatchesRegex("7 of 2: '( [a-z]{3}){2}'"));
  const std::string& second = body_of(schedule, 1, 0);
  EXPECT_THAT(second, ::testing::StartsWith("1 of 1000: '")) << "no answer has fewer than one";
  EXPECT_EQ(second.size(), std::string("1 of 1000: ''").size() + 4000);
  EXPECT_EQ(body_of(schedule, 2, 0), "1 of 0: ''");
  for (const std::uint32_t session : {0, 1, 2}) EXPECT_EQ(body_of(schedule, session, 1), "same");
}

TEST(Placeholders, rows_that_give_the_same_requests_share_a_plan) {
  const std::vector<TraceRow> rows{{{}, 5, 7}, {{}, 6, 7}, {{}, 5, 7}, {{}, 5, 8}};
  const auto plans = [&](const std::string& body) {
    Schedule schedule = two_calls(body, rows.size());
    fill_in(schedule, rows);
    std::vector<std::uint32_t> numbers;
    for (const Arrival& arrival : schedule.arrivals) numbers.push_back(arrival.plan);
    return numbers;
  };
  EXPECT_THAT(plans("${input_text} ${output_tokens}"), ElementsAre(0u, 1u, 0u, 2u));
  EXPECT_THAT(plans("${output_tokens}"), ElementsAre(0u, 0u, 0u, 1u));
  EXPECT_THAT(plans("nothing"), ElementsAre(0u, 0u, 0u, 0u));
}

TEST(Placeholders, texts_of_different_lengths_do_not_begin_alike) {
  Schedule schedule = two_calls("${input_text}", 2);
  fill_in(schedule, std::vector<TraceRow>{{{}, 100, 1}, {{}, 101, 1}});
  EXPECT_NE(body_of(schedule, 0, 0).substr(0, 40), body_of(schedule, 1, 0).substr(0, 40));
}

TEST(Placeholders, more_text_than_memory_is_refused) {
  Schedule schedule = two_calls("${input_text}", 200);
  std::vector<TraceRow> rows(200);
  for (std::uint32_t i = 0; i < 200; ++i) rows[i].input_tokens = 3'000'000 + i;
  EXPECT_THROW(fill_in(schedule, rows), std::invalid_argument);
}

TEST(Placeholders, unknown_ones_are_named) {
  EXPECT_EQ(placeholders_in("a ${input_text} ${input} ${x}").unknown, "${input}");
  EXPECT_EQ(placeholders_in("a ${input_text").unknown, "${input_text");
  EXPECT_TRUE(placeholders_in("$ {input_text}").unknown.empty());
}

}  // namespace
}  // namespace atonce
