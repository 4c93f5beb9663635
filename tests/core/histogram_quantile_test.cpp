#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>
#include <string>

#include "core/histogram.h"
#include "core/random.h"

namespace atonce {
namespace {

struct Distribution {
  std::string name;
  std::function<double(double u, std::uint64_t k)> draw_ns;  ///< u uniform, k = 0, 1, 2, ...
};

double lognormal(double u, std::uint64_t k) {
  const double v = uniform01(7, k, Stream::service);
  const double normal = std::sqrt(-2 * std::log(u)) * std::cos(2 * std::numbers::pi * v);
  return 1e6 * std::exp(2 * normal);
}

double bucket_border(double, std::uint64_t k) {
  const auto border = std::int64_t{1} << (k % 42);
  return static_cast<double>(border + static_cast<std::int64_t>(k / 42 % 3) - 1);
}

void PrintTo(const Distribution& distribution, std::ostream* out) {
  *out << distribution.name;
}

class HistogramQuantile : public testing::TestWithParam<Distribution> {
 protected:
  static constexpr std::size_t size = 20'000;

  void SetUp() override {
    for (std::uint64_t k = 0; k < size; ++k) {
      const double ns = GetParam().draw_ns(uniform01(1, k, Stream::latency), k);
      const double longest = static_cast<double>(Histogram::highest.count());
      sorted_.emplace_back(static_cast<std::int64_t>(std::min(ns, longest)));
      histogram_.record(sorted_.back());
    }
    std::ranges::sort(sorted_);
  }

  std::vector<Nanos> sorted_;
  Histogram histogram_;
};

TEST_P(HistogramQuantile, every_rank_is_within_the_stated_error_of_the_sorted_sample) {
  const std::size_t step = 7;  // of ranks; coprime with the size
  for (std::size_t rank = 1; rank <= size; rank += step) {
    const Nanos exact = sorted_[rank - 1];
    const Nanos shown = histogram_.quantile(static_cast<double>(rank) / size);
    const double error = std::abs(static_cast<double>((shown - exact).count()));
    ASSERT_LE(error, Histogram::relative_error * static_cast<double>(exact.count()))
        << "rank " << rank << ": " << exact.count() << " ns, shown as " << shown.count();
  }
}

TEST_P(HistogramQuantile, quantiles_never_decrease_and_end_within_min_and_max) {
  Nanos before = histogram_.min();
  for (int p = 0; p <= 1000; ++p) {
    const Nanos shown = histogram_.quantile(p / 1000.0);
    ASSERT_GE(shown, before);
    before = shown;
  }
  EXPECT_LE(before, histogram_.max());
  EXPECT_EQ(histogram_.min(), sorted_.front());
  EXPECT_EQ(histogram_.max(), sorted_.back());
}

TEST_P(HistogramQuantile, count_up_to_a_bucket_end_agrees_with_the_sorted_sample) {
  for (const auto& [index, count] : histogram_.buckets()) {
    const Nanos last = Histogram::bucket_low(index) + Histogram::bucket_width(index) - Nanos{1};
    const auto beyond = std::ranges::upper_bound(sorted_, last);
    ASSERT_EQ(histogram_.count_up_to(last), static_cast<std::size_t>(beyond - sorted_.begin()));
  }
}

const Distribution distributions[] = {
    {"uniform", [](double u, std::uint64_t) { return 1e3 + u * 1e9; }},
    {"lognormal", lognormal},
    {"pareto_with_infinite_mean", [](double u, std::uint64_t) { return 1e3 / (u * u); }},
    {"points_at_bucket_borders", bucket_border},
    {"microseconds_and_minutes",
     [](double u, std::uint64_t k) { return (k % 10 == 0 ? 60e9 : 1e3) * (1 + u); }},
    {"all_equal", [](double, std::uint64_t) { return 123'456'789.0; }},
    {"one_to_n", [](double, std::uint64_t k) { return static_cast<double>(k + 1); }},
};

INSTANTIATE_TEST_SUITE_P(Over, HistogramQuantile, testing::ValuesIn(distributions),
                         [](const auto& instance) { return instance.param.name; });

TEST(HistogramRank, a_rank_is_not_lifted_by_the_rounding_of_a_product) {
  Histogram histogram;
  for (int i = 1; i <= 100; ++i) histogram.record(Nanos{i});
  for (int percent = 1; percent <= 100; ++percent)
    EXPECT_EQ(histogram.quantile(percent / 100.0), Nanos{percent});
  EXPECT_EQ(histogram.quantile(0), Nanos{1});
  EXPECT_EQ(histogram.quantile(0.001), Nanos{1});
  EXPECT_EQ(histogram.quantile(0.991), Nanos{100});
}

}  // namespace
}  // namespace atonce
