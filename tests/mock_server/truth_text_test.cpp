#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <stdexcept>

#include "mock_server/truth.h"

namespace atonce::mock {
namespace {

std::vector<Instant> random_tokens(std::mt19937_64& random) {
  std::vector<Instant> tokens(random() % 4);
  for (Instant& at : tokens) at = from_ns(static_cast<std::int64_t>(random() >> 1));
  return tokens;
}

AttemptTruth random_truth(std::mt19937_64& random) {
  const auto some = [&random] {
    return static_cast<std::int64_t>(random() >> 1 >> (random() % 63));
  };
  return {.id = AttemptId::unpack(random()),
          .arrived = from_ns(some()),
          .planned = Nanos{some()},
          .queued = Nanos{some()},
          .frozen = Nanos{some()},
          .first_write = from_ns(some()),
          .last_write = from_ns(some()),
          .closed = from_ns(some()),
          .connection = static_cast<std::uint32_t>(random()),
          .status = static_cast<std::uint16_t>(random()),
          .fault = static_cast<FaultKind>(random() % 11),
          .connection_end = static_cast<ConnectionEnd>(random() % 4),
          .token_writes = random_tokens(random)};
}

TEST(TruthText, lines_read_back_as_they_were) {
  std::mt19937_64 random(1);
  std::vector<AttemptTruth> log;
  std::string lines;
  for (int i = 0; i < 1000; ++i) append_line(lines, log.emplace_back(random_truth(random)));
  EXPECT_EQ(parse_truth(lines), log);
  EXPECT_TRUE(parse_truth("").empty());
}

TEST(TruthText, a_bad_line_is_named) {
  std::mt19937_64 random(1);
  std::string good;
  append_line(good, random_truth(random));
  for (const std::string& bad : {std::string("{}"), good.substr(0, 40), good.substr(1)}) {
    try {
      parse_truth(good + bad + "\n");
      ADD_FAILURE() << "accepted " << bad;
    } catch (const std::runtime_error& error) {
      EXPECT_THAT(error.what(), testing::HasSubstr("line 2"));
    }
  }
}

TEST(TruthText, a_summary_reads_back_as_it_was) {
  const TruthSummary summary{.attempts = 1,
                             .completed = 2,
                             .aborted = 3,
                             .faulted = 12,
                             .rejected = 4,
                             .logged = 5,
                             .in_flight = 6,
                             .peak_in_flight = 7,
                             .open_connections = 8,
                             .distinct_connections = 9,
                             .by_status = {{200, 10}, {503, 11}},
                             .seed = ~std::uint64_t{0},
                             .time_scale = 0.1,
                             .rate_limited = 13,
                             .banned = 14,
                             .bans = 15,
                             .retry_after_violations = 16,
                             .refused_connections = 17,
                             .frozen = 18};
  EXPECT_EQ(parse_summary(to_json(summary)), summary);
  EXPECT_THROW(parse_summary("{}"), std::runtime_error);
  EXPECT_THROW(parse_summary("gone"), std::runtime_error);
}

TEST(TruthText, metrics_have_help_type_and_value) {
  const auto text = to_prometheus({.attempts = 12, .by_status = {{200, 10}}});
  EXPECT_THAT(text, testing::HasSubstr("# TYPE atonce_attempts_total counter\n"
                                       "atonce_attempts_total 12\n"));
  EXPECT_THAT(text, testing::HasSubstr("\natonce_responses_total{status=\"200\"} 10\n"));
}

}  // namespace
}  // namespace atonce::mock
