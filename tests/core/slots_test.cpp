#include "core/slots.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "core/policy.h"
#include "tests/core/fake_play.h"

namespace atonce::testing {
namespace {

TEST(Slots, one_that_was_never_used_has_always_been_free) {
  Slots slots(2, start);
  EXPECT_EQ(slots.take(), start);
  slots.give_back(at(5));
  EXPECT_EQ(slots.free_since(), start) << "the other one";
  EXPECT_EQ(slots.take(), start);
  EXPECT_EQ(slots.take(), at(5));
  EXPECT_FALSE(slots.is_any_free());
}

TEST(Slots, those_added_are_free_from_then_on) {
  Slots slots(1, start);
  slots.take();
  slots.resize(3, at(7));
  EXPECT_EQ(slots.take(), at(7));
  slots.give_back(at(9));
  EXPECT_EQ(slots.take(), at(7));
  EXPECT_EQ(slots.take(), at(9));
  EXPECT_FALSE(slots.is_any_free());
}

TEST(Slots, what_cannot_be_taken_away_at_once_goes_when_it_is_given_back) {
  Slots slots(4, start);
  for (int i = 0; i < 3; ++i) slots.take();
  slots.resize(2, at(1));
  EXPECT_FALSE(slots.is_any_free());
  slots.give_back(at(2));
  EXPECT_FALSE(slots.is_any_free());
  slots.give_back(at(3));
  EXPECT_EQ(slots.take(), at(3));
}

TEST(Slots, a_debt_is_settled_before_slots_are_added) {
  Slots slots(4, start);
  for (int i = 0; i < 4; ++i) slots.take();
  slots.resize(1, at(1));
  slots.resize(3, at(2));
  EXPECT_FALSE(slots.is_any_free());
  slots.resize(5, at(3));
  EXPECT_EQ(slots.take(), at(3));
  EXPECT_FALSE(slots.is_any_free());
}

TEST(Slots, without_a_limit_there_is_always_one) {
  Slots slots(unlimited, start);
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(slots.take(), start);
  for (int i = 0; i < 1000; ++i) slots.give_back(at(i));
  EXPECT_EQ(slots.free_since(), start);
}

/// Against a plain count: however the limit goes, as many are free as it leaves.
TEST(Slots, keep_count_in_random_cases) {
  for (unsigned seed = 0; seed < 500; ++seed) {
    std::mt19937 random(seed);
    const auto up_to = [&](std::size_t most) {
      return std::uniform_int_distribution<std::size_t>(0, most)(random);
    };
    std::size_t limit = 1 + up_to(8), taken = 0;
    Slots slots(limit, start);
    for (int ns = 1; ns <= 200; ++ns) {
      const std::size_t deed = up_to(4);
      if (deed == 0) {
        limit = 1 + up_to(8);
        slots.resize(limit, at(ns));
      } else if (deed <= 2 && slots.is_any_free()) {
        const Instant since = slots.free_since();
        ASSERT_EQ(slots.take(), since);
        ASSERT_GE(since, start);
        ASSERT_LE(since, at(ns)) << "in the future";
        ++taken;
      } else if (taken > 0) {
        slots.give_back(at(ns));
        --taken;
      }
      ASSERT_EQ(slots.taken(), taken);
      ASSERT_EQ(slots.is_any_free(), taken < limit) << "seed " << seed << " at " << ns;
    }
  }
}

}  // namespace
}  // namespace atonce::testing
