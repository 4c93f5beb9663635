#include "core/law.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "core/random.h"

namespace atonce {
namespace {

struct NamedLaw {
  std::string name;
  Law law;
};

void PrintTo(const NamedLaw& named, std::ostream* out) {
  *out << named.name;
}

/// Laws without atoms, for which cdf and quantile are inverse to each other.
std::vector<NamedLaw> continuous_laws() {
  return {
      {"uniform", Uniform{0.25, 0.75}},
      {"normal", Normal{0.1, 0.02}},
      {"normal_cut_in_half", Normal{0, 0.5}},
      {"normal_cut_a_little", Normal{0.1, 0.1}},
      {"lognormal", lognormal_from_median_p99(0.1, 0.4)},
      {"exponential", Exponential{0.003}},
      {"gamma", Gamma{2.5, 0.01}},
      {"gamma_with_a_pole", Gamma{0.5, 0.01}},
      {"pareto", Pareto{0.01, 4}},
      {"empirical", Empirical{{0.001, 0.002, 0.05, 0.3}}},
      {"mixture", Mixture{0.7, {Exponential{0.001}, Uniform{0.0, 0.1}}}},
  };
}

class ContinuousLaw : public testing::TestWithParam<NamedLaw> {};

INSTANTIATE_TEST_SUITE_P(All, ContinuousLaw, testing::ValuesIn(continuous_laws()),
                         [](const auto& tested) { return tested.param.name; });

TEST_P(ContinuousLaw, cdf_inverts_quantile) {
  const Law& law = GetParam().law;
  for (int i = 1; i < 1000; ++i) {
    const double u = i / 1000.0;
    EXPECT_NEAR(cdf(law, quantile(law, u)), u, 1e-9);
  }
}

TEST_P(ContinuousLaw, quantile_is_finite_and_rises_even_at_the_ends) {
  const Law& law = GetParam().law;
  double last = 0;
  for (const double u : {0x1p-53, 1e-9, 0.01, 0.5, 0.99, 1 - 1e-9, 1 - 0x1p-53}) {
    EXPECT_GE(quantile(law, u), last) << u;
    last = quantile(law, u);
  }
  EXPECT_TRUE(std::isfinite(last));
}

/// The mean is the integral of the quantile over (0, 1); u = 1 - v^8 flattens the pole at 1.
TEST_P(ContinuousLaw, mean_is_the_integral_of_the_quantile) {
  const Law& law = GetParam().law;
  constexpr int steps = 20'000;
  double integral = 0;
  for (int i = 0; i < steps; ++i) {
    const double v = (i + 0.5) / steps;
    integral +=
        quantile(law, std::min(1 - std::pow(v, 8), 1 - 0x1p-53)) * 8 * std::pow(v, 7) / steps;
  }
  EXPECT_NEAR(mean(law), integral, 2e-4 * integral);
}

TEST_P(ContinuousLaw, draws_follow_the_law) {
  const Law& law = GetParam().law;
  constexpr int count = 20'000;
  std::vector<double> drawn;
  for (std::uint64_t id = 0; id < count; ++id) {
    drawn.push_back(static_cast<double>(draw(law, uniform01(1, id, Stream::latency)).count()) *
                    1e-9);
  }
  std::ranges::sort(drawn);
  double distance = 0;  // Kolmogorov and Smirnov's
  for (int i = 0; i < count; ++i) {
    const double expected = cdf(law, drawn[static_cast<std::size_t>(i)]);
    distance = std::max({distance, expected - double(i) / count, double(i + 1) / count - expected});
  }
  EXPECT_LT(distance, 1.95 / std::sqrt(count));  // p = 0.001; the draws are always the same
}

TEST_P(ContinuousLaw, scaling_multiplies_quantiles_and_mean) {
  const Law& law = GetParam().law;
  const Law tenth = scaled(law, 0.1);
  for (const double u : {0.01, 0.5, 0.99}) {
    EXPECT_NEAR(quantile(tenth, u), 0.1 * quantile(law, u), 1e-9 * quantile(law, u));
  }
  EXPECT_NEAR(mean(tenth), 0.1 * mean(law), 1e-9 * mean(law));
}

TEST_P(ContinuousLaw, passes_its_own_check_and_describes_itself) {
  EXPECT_NO_THROW(check(GetParam().law));
  EXPECT_FALSE(describe(GetParam().law).empty());
}

TEST(Law, the_truncated_normal_is_the_conditional_law) {
  const boost::math::normal_distribution<double> whole(0.1, 0.1);
  const double cut = boost::math::cdf(whole, 0.0);
  for (const double x : {0.0, 0.05, 0.1, 0.3}) {
    EXPECT_NEAR(cdf(Normal{0.1, 0.1}, x), (boost::math::cdf(whole, x) - cut) / (1 - cut), 1e-12);
  }
  EXPECT_NEAR(mean(Normal{0, 1}), std::sqrt(2 / M_PI), 1e-12);  // the half-normal law
}

TEST(Law, a_lognormal_has_the_median_and_p99_it_was_given) {
  const Law law = lognormal_from_median_p99(1.0, 4.0);
  EXPECT_NEAR(quantile(law, 0.5), 1.0, 1e-12);
  EXPECT_NEAR(quantile(law, 0.99), 4.0, 1e-12);
  EXPECT_THROW(lognormal_from_median_p99(0, 1), std::invalid_argument);
  EXPECT_THROW(lognormal_from_median_p99(2, 1), std::invalid_argument);
}

TEST(Law, a_lognormal_without_spread_is_fixed) {
  const Law law = lognormal_from_median_p99(0.5, 0.5);
  EXPECT_DOUBLE_EQ(quantile(law, 0.01), 0.5);
  EXPECT_DOUBLE_EQ(quantile(law, 0.99), 0.5);
  EXPECT_EQ(cdf(law, 0.4), 0);
  EXPECT_EQ(cdf(law, 0.6), 1);
}

TEST(Law, a_mixture_of_two_atoms_takes_each_with_its_weight) {
  const Law law = Mixture{0.9, {Fixed{0.001}, Fixed{0.1}}};
  EXPECT_DOUBLE_EQ(quantile(law, 0.5), 0.001);
  EXPECT_DOUBLE_EQ(quantile(law, 0.89999), 0.001);
  EXPECT_DOUBLE_EQ(quantile(law, 0.90001), 0.1);
  EXPECT_DOUBLE_EQ(mean(law), 0.9 * 0.001 + 0.1 * 0.1);
}

TEST(Law, observed_values_become_their_own_quantiles) {
  const Law law = empirical_from_observations({0.3, 0.1, 0.2});
  EXPECT_NEAR(quantile(law, 1e-12), 0.1, 1e-9);
  EXPECT_DOUBLE_EQ(quantile(law, 0.5), 0.2);
  EXPECT_NEAR(quantile(law, 1 - 1e-12), 0.3, 1e-9);
  EXPECT_DOUBLE_EQ(quantile(empirical_from_observations({0.7}), 0.3), 0.7);
  EXPECT_THROW(empirical_from_observations({}), std::invalid_argument);
}

TEST(Law, a_pareto_tail_without_a_mean_has_an_infinite_one) {
  EXPECT_EQ(mean(Pareto{1, 1}), std::numeric_limits<double>::infinity());
}

TEST(Law, draws_stay_within_a_day) {
  EXPECT_EQ(draw(Pareto{1, 0.01}, 1 - 0x1p-53), std::chrono::hours(24));
  EXPECT_EQ(draw(Fixed{0}, 0.5), Nanos::zero());
  EXPECT_EQ(draw(Fixed{20e-6}, 0.5), std::chrono::microseconds(20));
}

TEST(Law, wrong_parameters_are_named) {
  const std::vector<std::pair<Law, std::string>> wrong = {
      {Fixed{-1}, "fixed"},
      {Uniform{2, 1}, "low <= high"},
      {Normal{1, 0}, "sd"},
      {Normal{-1, 1}, "mean"},
      {Lognormal{0, -1}, "sigma"},
      {Exponential{0}, "exponential"},
      {Gamma{0, 1}, "shape"},
      {Gamma{1, 0}, "scale"},
      {Pareto{0, 1}, "minimum"},
      {Pareto{1, 0}, "alpha"},
      {Empirical{{}}, "at least one"},
      {Empirical{{2, 1}}, "ascending"},
      {Mixture{1.5, {Fixed{1}, Fixed{2}}}, "weight"},
      {Mixture{0.5, {Fixed{1}}}, "two modes"},
      {Mixture{0.5, {Fixed{1}, Mixture{0.5, {Fixed{1}, Fixed{2}}}}}, "bimodal itself"},
      {Mixture{0.5, {Fixed{1}, Gamma{1, 0}}}, "scale"},
  };
  for (const auto& [law, part] : wrong) {
    try {
      check(law);
      ADD_FAILURE() << "accepted: " << part;
    } catch (const std::invalid_argument& error) {
      EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << error.what();
    }
  }
}

TEST(Law, a_description_has_the_parameters_in_their_units) {
  EXPECT_EQ(describe(Uniform{0.25, 0.75}), "uniform 250 ms .. 750 ms");
  EXPECT_EQ(describe(Fixed{20e-6}), "fixed 20.0 us");
}

}  // namespace
}  // namespace atonce
