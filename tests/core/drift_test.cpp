#include "core/drift.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>
#include <vector>

namespace atonce {
namespace {

using Values = std::vector<double>;  // milliseconds

/// Every noise here comes from the same seed at every run.
class Noise {
 public:
  double normal() { return normal_(source_); }
  double exponential(double mean) { return mean * exponential_(source_); }
  double uniform() { return uniform_(source_); }

 private:
  std::mt19937_64 source_{1};
  std::normal_distribution<double> normal_;
  std::exponential_distribution<double> exponential_;
  std::uniform_real_distribution<double> uniform_;
};

std::vector<Nanos> course(const Values& values) {
  std::vector<Nanos> course;
  for (const double value : values) course.emplace_back(std::llround(value * 1e6));
  return course;
}

/// 50 ms, each value remembering `memory` of the deviation of the one before.
Values autoregressive(Noise& noise, double memory, double spread) {
  Values values;
  double deviation = noise.normal();
  for (std::size_t i = 0; i < course_parts; ++i) {
    values.push_back(50 * std::exp(spread * deviation));
    deviation = memory * deviation + std::sqrt(1 - memory * memory) * noise.normal();
  }
  return values;
}

/// Medians of the response times of an M/M/1 queue; in equilibrium from the first call on when its
/// load is below 1, else it begins empty.
Values queue(Noise& noise, double load, std::size_t calls) {
  const double service = 10;
  double wait = load < 1 && noise.uniform() < load ? noise.exponential(service / (1 - load)) : 0;
  Values values;
  for (std::size_t part = 0; part < course_parts; ++part) {
    Values times;
    for (std::size_t i = 0; i < calls / course_parts; ++i) {
      const double time = wait + noise.exponential(service);
      times.push_back(time);
      wait = std::max(0.0, time - noise.exponential(service / load));
    }
    std::ranges::nth_element(times, times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2));
    values.push_back(times[times.size() / 2]);
  }
  return values;
}

double share_found(int runs, const std::function<Values()>& make) {
  int found = 0;
  for (int i = 0; i < runs; ++i) found += find_drift(course(make())).has_value();
  return static_cast<double>(found) / runs;
}

TEST(Drift, is_alarmed_by_less_than_one_steady_run_in_a_thousand) {
  Noise noise;
  for (const double memory : {0.0, 0.3, 0.6, 0.8})
    for (const double spread : {0.05, 0.3, 1.0})
      EXPECT_LT(share_found(10'000, [&] { return autoregressive(noise, memory, spread); }), 0.001)
          << "memory " << memory << " spread " << spread;
}

TEST(Drift, is_alarmed_by_less_than_one_steady_queue_in_a_thousand) {
  Noise noise;
  for (const double load : {0.3, 0.6, 0.8})
    for (const std::size_t calls : {500, 2000})
      EXPECT_LT(share_found(2000, [&] { return queue(noise, load, calls); }), 0.001)
          << "load " << load << " calls " << calls;
}

TEST(Drift, finds_nearly_every_queue_that_grows) {
  Noise noise;
  EXPECT_GT(share_found(500, [&] { return queue(noise, 1.3, 1000); }), 0.9);
  EXPECT_GT(share_found(500, [&] { return queue(noise, 2, 500); }), 0.99);
}

/// A steady run with little noise, of which each value was multiplied by `factor` of its place.
Values changed(Noise& noise, const std::function<double(double)>& factor) {
  Values values = autoregressive(noise, 0.3, 0.02);
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] *= factor(static_cast<double>(i) / static_cast<double>(values.size()));
  return values;
}

TEST(Drift, finds_steps_up_and_down_and_says_when) {
  Noise noise;
  for (const double factor : {0.5, 1.5, 3.0})
    for (const double when : {0.2, 0.5, 0.8}) {
      const auto found = find_drift(
          course(changed(noise, [&](double at) { return at < when - 0.01 ? 1 : factor; })));
      ASSERT_TRUE(found) << factor << " at " << when;
      EXPECT_EQ(found->kind, Drift::Kind::step);
      EXPECT_NEAR(found->at, when, 0.001);
      EXPECT_NEAR(static_cast<double>(found->from.count()), 50e6, 5e6);
      EXPECT_NEAR(static_cast<double>(found->to.count()), factor * 50e6, factor * 5e6);
    }
}

TEST(Drift, finds_a_warm_up_that_fades) {
  Noise noise;
  const auto fades = [](double at) { return 1 + 2 * std::exp(-at / 0.07); };
  EXPECT_GT(share_found(200, [&] { return changed(noise, fades); }), 0.95);
  const auto found = find_drift(course(changed(noise, fades)));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->kind, Drift::Kind::start);
  EXPECT_GT(found->from, 2 * found->to);
}

TEST(Drift, finds_a_trend_of_a_third_but_none_of_a_tenth) {
  Noise noise;
  EXPECT_GT(share_found(200, [&] { return changed(noise, [](double at) { return 1 + at / 3; }); }),
            0.8);
  EXPECT_EQ(share_found(200, [&] { return changed(noise, [](double at) { return 1 + at / 10; }); }),
            0);
}

TEST(Drift, says_nothing_without_a_whole_course) {
  Values growing;
  for (std::size_t i = 1; i <= course_parts; ++i) growing.push_back(static_cast<double>(i));
  EXPECT_TRUE(find_drift(course(growing)));
  growing.pop_back();
  EXPECT_FALSE(find_drift(course(growing)));
  EXPECT_FALSE(find_drift({}));
}

TEST(Drift, is_not_confused_by_zeros) {
  EXPECT_FALSE(find_drift(std::vector<Nanos>(course_parts)));
}

}  // namespace
}  // namespace atonce
