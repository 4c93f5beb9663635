/// Quotas against their definition, on a clock made up by the test.

#include "mock_server/rate_meter.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace atonce::mock {
namespace {

using namespace std::chrono_literals;

constexpr Instant start{1h};

class Meter : public testing::TestWithParam<Quota::Kind> {
 protected:
  Quota quota(std::uint64_t most, Nanos per) const { return {most, per, GetParam()}; }
};

INSTANTIATE_TEST_SUITE_P(Kinds, Meter, testing::Values(Quota::Kind::bucket, Quota::Kind::window));

struct Taken {
  Instant at;
  std::uint64_t amount;
};

/// What a client took that asks for random amounts at random instants.
std::vector<Taken> play(const Quota& quota, std::mt19937_64& random) {
  RateMeter meter(quota);
  std::vector<Taken> taken;
  Instant at = start;
  const auto gap = 4 * static_cast<std::uint64_t>(quota.per.count()) / quota.most;
  for (int i = 0; i < 300; ++i) {
    at += Nanos{static_cast<std::int64_t>(random() % gap)};
    meter.settle(at);
    const std::uint64_t amount = 1 + random() % (quota.most / 2 + 1);
    if (meter.wait(amount) > Nanos::zero()) continue;
    meter.take(amount);
    taken.push_back({at, amount});
  }
  return taken;
}

TEST(SlidingWindow, never_gives_more_than_its_quota_in_any_span) {
  std::mt19937_64 random(1);
  for (int run = 0; run < 200; ++run) {
    const Quota quota{1 + random() % 50, Nanos{1 + static_cast<std::int64_t>(random() % 1'000'000)},
                      Quota::Kind::window};
    const auto taken = play(quota, random);
    for (const Taken& last : taken) {
      std::uint64_t within = 0;
      for (const Taken& other : taken) {
        if (other.at <= last.at && other.at > last.at - quota.per) within += other.amount;
      }
      ASSERT_LE(within, quota.most);
    }
  }
}

TEST(TokenBucket, never_gives_more_than_its_content_and_its_refill_in_any_span) {
  std::mt19937_64 random(2);
  for (int run = 0; run < 200; ++run) {
    const Quota quota{1 + random() % 50, Nanos{1 + static_cast<std::int64_t>(random() % 1'000'000)},
                      Quota::Kind::bucket};
    const auto taken = play(quota, random);
    for (std::size_t first = 0; first < taken.size(); ++first) {
      std::uint64_t within = 0;
      for (std::size_t last = first; last < taken.size(); ++last) {
        within += taken[last].amount;
        const auto span = (taken[last].at - taken[first].at).count();
        // within <= most + most * span / per, in whole numbers
        ASSERT_LE(within * static_cast<std::uint64_t>(quota.per.count()),
                  quota.most * static_cast<std::uint64_t>(quota.per.count() + span));
      }
    }
  }
}

TEST_P(Meter, waits_exactly_as_long_as_is_needed) {
  std::mt19937_64 random(3);
  for (int run = 0; run < 500; ++run) {
    RateMeter meter(
        quota(1 + random() % 100, Nanos{1'000 + static_cast<std::int64_t>(random() % 1'000'000)}));
    Instant at = start;
    for (int i = 0; i < 50; ++i) {
      at += Nanos{static_cast<std::int64_t>(random() % 50'000)};
      const std::uint64_t amount = 1 + random() % meter.most();
      meter.settle(at);
      const Nanos wait = meter.wait(amount);
      if (wait > Nanos::zero()) {
        meter.settle(at + wait - 1ns);
        ASSERT_GT(meter.wait(amount), Nanos::zero());
        meter.settle(at += wait);
      }
      ASSERT_EQ(meter.wait(amount), Nanos::zero());
      const auto before = meter.remaining();
      meter.take(amount);
      ASSERT_EQ(meter.remaining(), before - amount);
    }
  }
}

TEST_P(Meter, is_full_when_it_says_so) {
  RateMeter meter(quota(7, 1s));
  meter.settle(start);
  meter.take(2);
  meter.settle(start + 100ms);
  meter.take(3);
  const Instant full = start + 100ms + meter.until_full();
  meter.settle(full - 1ns);
  EXPECT_LT(meter.remaining(), 7u);
  meter.settle(full);
  EXPECT_EQ(meter.remaining(), 7u);
  EXPECT_EQ(meter.until_full(), 0ns);
}

TEST_P(Meter, loses_nothing_to_rounding_over_a_year) {
  RateMeter meter(quota(999'999'937, 24h));
  Instant at = start;
  for (int day = 0; day < 365; ++day) {
    meter.settle(at);
    ASSERT_EQ(meter.remaining(), 999'999'937u);
    meter.take(999'999'937);
    ASSERT_EQ(meter.until_full(), 24h);
    at += 24h;
  }
}

TEST_P(Meter, takes_an_earlier_instant_for_the_latest) {
  RateMeter meter(quota(1, 1s));
  meter.settle(start + 5s);
  meter.take(1);
  meter.settle(start);
  EXPECT_EQ(meter.wait(1), 1s);
  meter.settle(start + 6s);
  EXPECT_EQ(meter.wait(1), 0s);
}

TEST_P(Meter, says_that_more_than_all_never_fits) {
  RateMeter meter(quota(5, 1s));
  meter.settle(start);
  EXPECT_EQ(meter.wait(5), 0s);
  EXPECT_EQ(meter.wait(6), unlimited_time);
}

}  // namespace
}  // namespace atonce::mock
