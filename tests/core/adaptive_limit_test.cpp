#include "core/adaptive_limit.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <queue>
#include <vector>

#include "core/policy.h"

namespace atonce {
namespace {

using namespace std::chrono_literals;

constexpr LimitLaw adaptive_laws[]{LimitLaw::aimd, LimitLaw::vegas, LimitLaw::gradient2};

/// Steps until the law has seen as many rounds; the response time may depend on the limit.
void step(AdaptiveLimit& limit, int rounds, const std::function<Nanos(std::size_t)>& time,
          double bad_share = 0) {
  for (int i = 0; i < rounds; ++i)
    limit.step({.mean = time(limit.limit()), .bad_share = bad_share});
}

/// `workers` that each take `service`, then `delay` (M/D/c under a closed load, roughly).
auto queue_of(double workers, Nanos service, Nanos delay) {
  return [=](std::size_t calls) {
    const double full = static_cast<double>(calls) / workers * static_cast<double>(service.count());
    return std::max(service + delay, Nanos{static_cast<std::int64_t>(full)});
  };
}

Nanos steady(std::size_t) {
  return 50ms;
}

TEST(AdaptiveLimit, begins_low_and_rises_while_there_is_room) {
  for (const LimitLaw law : adaptive_laws) {
    SCOPED_TRACE(name(law));
    AdaptiveLimit limit({.law = law}, 100);
    EXPECT_EQ(limit.limit(), 10u);
    step(limit, 20, steady);
    EXPECT_GT(limit.limit(), 20u);
  }
}

TEST(AdaptiveLimit, stays_between_one_and_the_cap) {
  for (const LimitLaw law : adaptive_laws) {
    SCOPED_TRACE(name(law));
    AdaptiveLimit limit({.law = law}, 12);
    step(limit, 48, steady);
    EXPECT_EQ(limit.limit(), 12u);
    for (int i = 0; i < 500; ++i) {
      limit.step({.mean = {}, .bad_share = 1});
      ASSERT_GE(limit.limit(), 1u);
    }
    EXPECT_LE(limit.limit(), 8u) << "nothing goes well";
    EXPECT_EQ(AdaptiveLimit({.law = law}, 3).limit(), 3u);
    EXPECT_EQ(AdaptiveLimit({.law = law}, unlimited).limit(), 10u);
  }
}

TEST(AdaptiveLimit, does_not_rise_when_it_is_not_used) {
  for (const LimitLaw law : adaptive_laws) {
    SCOPED_TRACE(name(law));
    AdaptiveLimit limit({.law = law}, 100);
    for (int i = 0; i < 20; ++i) limit.step({.mean = 50ms, .used = false});
    EXPECT_EQ(limit.limit(), 10u);
  }
}

TEST(AdaptiveLimit, a_fixed_one_never_moves) {
  AdaptiveLimit limit({}, 20);
  for (int i = 0; i < 100; ++i) limit.on_end(1s, true, 19);
  EXPECT_EQ(limit.limit(), 20u);
}

TEST(AdaptiveLimit, takes_a_step_after_as_many_ends_as_it_allows_at_once) {
  AdaptiveLimit limit({.law = LimitLaw::aimd}, 100);
  for (int i = 0; i < 9; ++i) limit.on_end(1ms, false, 9);
  EXPECT_EQ(limit.limit(), 10u);
  limit.on_end(1ms, false, 9);
  EXPECT_EQ(limit.limit(), 11u);
  for (int i = 0; i < 10; ++i) limit.on_end(1ms, false, 9);
  EXPECT_EQ(limit.limit(), 11u) << "the second round has eleven";
  limit.on_end(1ms, false, 9);
  EXPECT_EQ(limit.limit(), 12u);
}

TEST(AdaptiveLimit, a_round_in_which_little_was_in_flight_does_not_raise_it) {
  AdaptiveLimit limit({.law = LimitLaw::aimd}, 100);
  for (int i = 0; i < 10; ++i) limit.on_end(1ms, false, 3);
  EXPECT_EQ(limit.limit(), 10u);
  for (int i = 0; i < 10; ++i) limit.on_end(1ms, false, i == 5 ? 4 : 0);
  EXPECT_EQ(limit.limit(), 11u) << "five of ten were in flight once";
}

TEST(Aimd, holds_late_calls_and_failures_against_the_server_once) {
  for (const bool failed : {false, true}) {
    AdaptiveLimit limit({.law = LimitLaw::aimd, .late = 100ms}, 100);
    step(limit, 30, steady);
    ASSERT_EQ(limit.limit(), 40u);
    for (int i = 0; i < 40; ++i) limit.on_end(i == 7 ? 101ms : 100ms, failed && i == 7, 39);
    EXPECT_EQ(limit.limit(), 36u);
    for (int i = 0; i < 39; ++i) limit.on_end(1s, true, 35);
    EXPECT_EQ(limit.limit(), 36u) << "they were sent under the old limit";
    for (int i = 0; i < 36; ++i) limit.on_end(1s, true, 35);
    EXPECT_EQ(limit.limit(), 32u);
  }
}

TEST(Aimd, swings_about_the_limit_that_it_looks_for) {
  AdaptiveLimit limit({.law = LimitLaw::aimd}, 1000);
  std::vector<std::size_t> course;
  for (int i = 0; i < 300; ++i) {
    limit.step({.mean = 50ms, .bad_share = limit.limit() > 40 ? 0.05 : 0.01});
    course.push_back(limit.limit());
  }
  const auto [least, most] = std::ranges::minmax(std::vector(course.begin() + 100, course.end()));
  EXPECT_EQ(most, 41u);
  EXPECT_EQ(least, 36u);
}

/// Plays calls against `workers` on a clock of its own, and feeds their ends to the limit.
class Play {
 public:
  Play(LimitLaw law, std::size_t workers, Nanos service, Nanos delay)
      : limit_({.law = law}, 200), free_(workers), service_(service), delay_(delay) {}

  /// The mean limit over the last half of as many ends.
  double mean_limit(int ends) {
    double sum = 0;
    for (int i = 0; i < ends; ++i) {
      while (ends_.size() < limit_.limit()) send();
      const auto [at, sent] = ends_.top();
      ends_.pop();
      now_ = at;
      limit_.on_end(at - sent, false, ends_.size());
      if (i >= ends / 2) sum += static_cast<double>(limit_.limit());
    }
    return 2 * sum / ends;
  }

  void change(std::size_t workers, Nanos delay) {
    free_.assign(workers, now_);
    delay_ = delay;
  }

 private:
  struct End {
    Nanos at, sent;
    bool operator>(const End& other) const { return at > other.at; }
  };

  void send() {
    const auto worker = std::ranges::min_element(free_);
    *worker = std::max(*worker, now_) + service_;
    ends_.push({*worker + delay_, now_});
  }

  AdaptiveLimit limit_;
  std::vector<Nanos> free_;  // when each worker is
  Nanos service_, delay_, now_{};
  std::priority_queue<End, std::vector<End>, std::greater<>> ends_;
};

TEST(Vegas, settles_with_a_short_queue) {
  Play play(LimitLaw::vegas, 8, 10ms, 40ms);
  const double full = 40;  // by Little's law: 8 workers, 50 ms
  const double settled = play.mean_limit(40'000);
  EXPECT_GT(settled, full);
  EXPECT_LT(settled, full + 12);
}

TEST(Vegas, follows_a_server_that_loses_workers_and_gets_them_back) {
  Play play(LimitLaw::vegas, 8, 10ms, 40ms);
  play.mean_limit(20'000);
  play.change(4, 40ms);
  EXPECT_LT(play.mean_limit(20'000), 32);
  play.change(8, 40ms);
  EXPECT_GT(play.mean_limit(20'000), 40);
}

/// Ten times as far away is not ten times as busy: only a probe can tell.
TEST(Vegas, notices_when_calls_take_longer_without_load) {
  Play play(LimitLaw::vegas, 8, 10ms, 40ms);
  play.mean_limit(20'000);
  play.change(8, 490ms);
  EXPECT_GT(play.mean_limit(60'000), 150) << "400 fit now; the cap is 200";
}

TEST(Vegas, steps_down_when_calls_fail) {
  AdaptiveLimit limit({.law = LimitLaw::vegas}, 100);
  step(limit, 20, steady);
  const std::size_t before = limit.limit();
  step(limit, 5, steady, 0.02);
  EXPECT_LT(limit.limit(), before);
}

TEST(Gradient2, tolerates_half_as_long_again_and_no_more) {
  AdaptiveLimit limit({.law = LimitLaw::gradient2}, 1000);
  step(limit, 20, steady);
  const std::size_t before = limit.limit();
  step(limit, 10, [](std::size_t) { return 74ms; });
  EXPECT_GT(limit.limit(), before);
  AdaptiveLimit pressed({.law = LimitLaw::gradient2}, 1000);
  step(pressed, 100, steady);
  const std::size_t high = pressed.limit();
  step(pressed, 20, [](std::size_t) { return 120ms; });
  EXPECT_LT(pressed.limit(), high);
}

TEST(Gradient2, settles_where_calls_take_half_as_long_again) {
  AdaptiveLimit limit({.law = LimitLaw::gradient2}, 1000);
  const auto server = queue_of(8, 10ms, 40ms);
  step(limit, 150, server);
  EXPECT_GT(server(limit.limit()), 65ms);
  EXPECT_LT(server(limit.limit()), 100ms);
}

TEST(Gradient2, forgets_a_bad_time_soon) {
  AdaptiveLimit limit({.law = LimitLaw::gradient2}, 1000);
  step(limit, 500, [](std::size_t) { return 500ms; });
  step(limit, 40, steady);
  const std::size_t before = limit.limit();
  step(limit, 30, [](std::size_t) { return 200ms; });
  EXPECT_LT(limit.limit(), before) << "200 ms are long for a server of 50 ms";
}

TEST(Overloaded, what_an_attempt_tells_of_the_load) {
  EXPECT_EQ(overloaded(Outcome::ok, 200), false);
  for (const Outcome outcome : {Outcome::rate_limited, Outcome::read_timeout, Outcome::deadline,
                                Outcome::connect_refused, Outcome::reset})
    EXPECT_EQ(overloaded(outcome, 0), true) << name(outcome);
  EXPECT_EQ(overloaded(Outcome::http_status, 503), true);
  EXPECT_FALSE(overloaded(Outcome::http_status, 404));
  EXPECT_FALSE(overloaded(Outcome::cancelled, 0));
  EXPECT_FALSE(overloaded(Outcome::unfinished, 0));
}

TEST(LimitLaw, has_a_name_that_leads_back) {
  for (const auto& [word, law] : limit_laws) {
    EXPECT_EQ(name(law), word);
    EXPECT_EQ(limit_law(word), law);
  }
  EXPECT_FALSE(limit_law("tcp"));
}

}  // namespace
}  // namespace atonce
