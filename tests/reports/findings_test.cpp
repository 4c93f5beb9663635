#include "reports/findings.h"

#include <gmock/gmock.h>

#include "reports/topics.h"
#include "reports/winner.h"
#include "tests/reports/sample_results.h"

namespace atonce {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string headline_of(const ResultSet& results) {
  return headline(compare(results));
}

TEST(Topics, are_told_by_what_was_measured) {
  constexpr Topic topics[] = {Topic::sessions, Topic::aborts, Topic::streams, Topic::refusals,
                              Topic::steps,    Topic::pool,   Topic::omission};
  const auto told = [&](const ResultSet& results) {
    const auto comparison = compare(results);
    std::vector<Topic> found;
    for (const auto topic : topics)
      if (tells_of(comparison, topic)) found.push_back(topic);
    return found;
  };
  EXPECT_THAT(told(sample_results()), testing::IsEmpty());
  EXPECT_THAT(told(sample_session_results()), testing::ElementsAre(Topic::sessions));
  EXPECT_THAT(told(sample_abort_results()), testing::ElementsAre(Topic::aborts));
  EXPECT_THAT(told(sample_stream_results()), testing::ElementsAre(Topic::streams));
  EXPECT_THAT(told(sample_limit_results()), testing::ElementsAre(Topic::refusals));
  EXPECT_THAT(told(sample_step_results()), testing::ElementsAre(Topic::steps));
  EXPECT_THAT(told(sample_pool_results()), testing::ElementsAre(Topic::pool));
  EXPECT_THAT(told(sample_omission_results()), testing::ElementsAre(Topic::omission));
  EXPECT_THAT(told(sample_open_results()), testing::ElementsAre(Topic::omission));
}

TEST(Topics, what_did_not_finish_and_the_floor_tell_nothing) {
  auto results = sample_stream_results();
  for (auto& trial : results.trials) trial.key.runner = floor_runner;
  EXPECT_FALSE(tells_of(compare(results), Topic::streams));
  results = sample_stream_results();
  for (auto& trial : results.trials) trial.status = TrialStatus::crashed;
  EXPECT_FALSE(tells_of(compare(results), Topic::streams));
}

TEST(Topics, a_pool_as_large_as_the_cap_is_none) {
  auto results = sample_pool_results();
  std::erase_if(results.trials,
                [](const TrialResult& trial) { return trial.key.variant == "semaphore"; });
  EXPECT_TRUE(tells_of(compare(results), Topic::pool));
  for (auto& trial : results.trials) trial.key.cap = trial.key.connections;
  EXPECT_FALSE(tells_of(compare(results), Topic::pool));
}

TEST(Headline, of_sessions_compares_with_critical_path_and_sum) {
  EXPECT_EQ(headline_of(sample_session_results()),
            "A session of 7 calls took 220 ms (median) with asio_coroutines: 1.01 times its "
            "critical path (217 ms); one call after the other would take 343 ms.");
}

TEST(Headline, of_sessions_without_planned_delays_has_their_time_alone) {
  auto results = sample_session_results();
  for (auto& trial : results.trials) trial.metrics[index(Metric::session_critical_path)] = {};
  EXPECT_EQ(headline_of(results),
            "A session of 7 calls took 220 ms (median) with asio_coroutines.");
}

TEST(Headline, of_streams_has_the_first_token_and_the_rates) {
  EXPECT_EQ(headline_of(sample_stream_results()),
            "asio_coroutines had the first token after 256 ms (median; 99 % within 381 ms), then "
            "tokens at 571/s in all, at 49.2/s in each stream.");
}

TEST(Headline, of_steps_sets_the_worst_loop_against_the_best_of_the_same_runner) {
  EXPECT_EQ(
      headline_of(sample_step_results()),
      "A step of 5.10 ms after each response held the event loop of asio_coroutines · inline "
      "up for 89.2 ms (p99; 92.8 ms at worst), that of asio_coroutines · offload for 442 us.");
}

TEST(Headline, of_steps_compares_loops_of_one_runner_even_where_the_winner_has_none) {
  auto results = sample_step_results();
  for (auto& trial : results.trials) {
    if (trial.key.runner != "curl_multi") continue;
    trial.key.runner = "thread_pool";
    trial.makespan /= 10;
    trial.metrics[index(Metric::loop_lag)] = {};
  }
  const auto text = headline_of(results);
  EXPECT_THAT(text, HasSubstr("event loop of asio_coroutines · inline"));
  EXPECT_THAT(text, HasSubstr("that of asio_coroutines · offload"));
}

TEST(Headline, of_limits_sets_the_refused_against_the_winner) {
  EXPECT_EQ(headline_of(sample_limit_results()),
            "asio_coroutines · capped at cap 5 got calls through at 50.0/s, with 3 requests "
            "refused by a rate limit and none banned; asio_coroutines · eager at cap unlimited got "
            "calls through at 22.0/s, with 120 requests refused by a rate limit and 24 banned, and "
            "36 of 300 calls failed.");
}

TEST(Headline, of_one_refusal_is_in_the_singular) {
  auto results = sample_limit_results();
  for (auto& trial : results.trials)
    if (trial.key.variant == "capped") trial.server->rate_limited = 1;
  EXPECT_THAT(headline_of(results), HasSubstr("with 1 request refused"));
}

TEST(Headline, of_retries_without_a_limit_has_the_attempts) {
  auto results = sample_limit_results();
  for (auto& trial : results.trials) trial.server->rate_limited = trial.server->banned = 0;
  EXPECT_EQ(headline_of(results),
            "asio_coroutines · capped at cap 5 needed 1.03 attempts per call; asio_coroutines · "
            "eager at cap unlimited needed 2.32.");
}

TEST(Headline, of_aborts_says_how_soon_the_server_saw_them) {
  const auto text = headline_of(sample_abort_results());
  EXPECT_THAT(text, StartsWith("When a call failed, asio_coroutines · fail_fast gave up its "
                               "siblings (16 calls), and the server saw them go after "));
  EXPECT_THAT(text, HasSubstr("; asio_coroutines · collect gave up none; "));
  EXPECT_THAT(text, EndsWith("24 of 360 calls failed with asio_coroutines · collect."));
}

TEST(Headline, of_a_pool_says_where_calls_waited) {
  const auto text = headline_of(sample_pool_results());
  EXPECT_THAT(text, StartsWith("At the median, calls of asio_coroutines · pool at cap unlimited "
                               "waited 245 ms for a connection and 0 ns for a slot under the cap; "
                               "calls of asio_coroutines · semaphore at cap 10 waited 245 ms for a "
                               "slot under the cap and "));
}

TEST(Topics, a_wait_before_the_send_is_omission_only_where_calls_are_due_at_given_times) {
  auto results = sample_omission_results();
  for (const auto shape : {LoadShape::batch, LoadShape::closed}) {
    results.shape = shape;
    EXPECT_FALSE(tells_of(compare(results), Topic::omission));
  }
  for (const auto shape : {LoadShape::poisson, LoadShape::gamma, LoadShape::trace}) {
    results.shape = shape;
    EXPECT_TRUE(tells_of(compare(results), Topic::omission));
  }
}

TEST(Topics, a_wait_for_a_retry_is_no_omission) {
  auto results = sample_omission_results();
  for (auto& trial : results.trials) trial.attempts += 10;
  EXPECT_FALSE(tells_of(compare(results), Topic::omission));
}

TEST(Headline, of_omission_sets_the_two_clocks_side_by_side) {
  EXPECT_EQ(headline_of(sample_omission_results()),
            "asio_coroutines answered 99 % of the calls within 940 ms of when they were due; a "
            "clock that starts at the send, as in most tools, would have claimed 21.0 ms, 44.8 "
            "times less.");
}

TEST(Headline, is_not_about_omission_where_the_best_left_nothing_out) {
  auto results = sample_omission_results();
  for (auto& trial : results.trials)
    if (trial.key.runner == "asio_coroutines")
      trial.metrics[index(Metric::response_time)] = trial.metrics[index(Metric::service_time)];
  EXPECT_THAT(headline_of(results), HasSubstr("asio_coroutines at cap 5 answered fastest"));
}

TEST(Headline, of_single_calls_is_who_was_fastest) {
  EXPECT_THAT(headline_of(sample_results()), HasSubstr("was fastest"));
  EXPECT_THAT(headline_of(sample_session_results()), Not(HasSubstr("was fastest")));
}

}  // namespace
}  // namespace atonce
