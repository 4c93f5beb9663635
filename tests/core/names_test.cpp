#include <gtest/gtest.h>

#include <set>

#include "core/metrics.h"
#include "core/outcome.h"
#include "core/verdict.h"

namespace atonce {
namespace {

TEST(Names, every_outcome_has_a_name_of_its_own_that_gives_it_back) {
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < outcome_count; ++i) {
    const auto outcome = static_cast<Outcome>(i);
    EXPECT_TRUE(seen.insert(name(outcome)).second) << name(outcome);
    EXPECT_EQ(outcome_from_name(name(outcome)), outcome);
  }
  EXPECT_EQ(name(Outcome::connect_refused), "connect_refused");
  EXPECT_EQ(name(Outcome::unfinished), "unfinished");
  EXPECT_FALSE(outcome_from_name("fine"));
}

TEST(Names, every_metric_has_a_name_of_its_own_that_gives_it_back) {
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < metric_count; ++i) {
    const auto metric = static_cast<Metric>(i);
    EXPECT_TRUE(seen.insert(name(metric)).second) << name(metric);
    EXPECT_EQ(metric_from_name(name(metric)), metric);
  }
  EXPECT_EQ(name(Metric::server_lateness), "server_lateness");
  EXPECT_FALSE(metric_from_name("latency"));
}

TEST(Names, verdict_levels_are_in_capitals) {
  EXPECT_EQ(name(VerdictLevel::valid), "VALID");
  EXPECT_EQ(name(VerdictLevel::suspect), "SUSPECT");
  EXPECT_EQ(name(VerdictLevel::invalid), "INVALID");
}

TEST(Outcome, status_of_a_complete_response_decides_its_outcome) {
  EXPECT_EQ(outcome_of_status(200), Outcome::ok);
  EXPECT_EQ(outcome_of_status(399), Outcome::ok);
  EXPECT_EQ(outcome_of_status(400), Outcome::http_status);
  EXPECT_EQ(outcome_of_status(199), Outcome::http_status);
  EXPECT_EQ(outcome_of_status(429), Outcome::rate_limited);
  EXPECT_EQ(outcome_of_status(500), Outcome::http_status);
}

}  // namespace
}  // namespace atonce
