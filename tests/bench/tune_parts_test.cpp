/// What the tuner is made of: objectives, closed forms, statistics, models.

#include <gmock/gmock.h>

#include <cmath>

#include "bench/tune/allowance.h"
#include "bench/tune/models.h"
#include "bench/tune/sim/rivals.h"
#include "bench/tune/sim/truth.h"
#include "bench/tune/statistics.h"
#include "tests/bench/tune_run.h"

namespace atonce::testing {
namespace {

using namespace tune;
using namespace tune::sim;
using std::chrono::milliseconds;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

TEST(TuneObjective, reads_latencies_and_errors) {
  const Slo latency = parse_slo("p99 <= 100ms");
  EXPECT_EQ(latency.kind, Slo::Kind::latency);
  EXPECT_EQ(latency.limit, milliseconds(100));
  EXPECT_NEAR(latency.share, 0.01, 1e-12);
  const Slo errors = parse_slo("errors<=0.1%");
  EXPECT_EQ(errors.kind, Slo::Kind::errors);
  EXPECT_NEAR(errors.share, 0.001, 1e-12);
  EXPECT_NEAR(parse_slo("errors<=0.02").share, 0.02, 1e-12);
}

TEST(TuneObjective, refuses_nonsense_and_says_what_is_expected) {
  for (const char* text : {"", "p99", "p99<=", "p99<=100", "p99<=-5ms", "p100<=1s", "p3<=1s",
                           "px<=1s", "latency<=1s", "errors<=0", "errors<=200%", "p99<=0ms"})
    EXPECT_THAT([&] { parse_slo(text); },
                ThrowsMessage<std::invalid_argument>(HasSubstr("expected for example p99<=100ms")))
        << text;
  EXPECT_THROW(goal_named("fastest"), std::invalid_argument);
  EXPECT_THROW(vary_named("colour"), std::invalid_argument);
}

std::vector<Block> blocks_of(std::size_t count, std::uint64_t calls, std::uint64_t bad) {
  return std::vector<Block>(count, Block{.span = Seconds(1), .calls = calls, .bad = {bad}});
}

TEST(TuneStatistics, clean_blocks_prove_what_the_binomial_law_says) {
  // 459 clean calls: p99 is met at 99 %.
  const auto clean = blocks_of(9, 51, 0);
  EXPECT_NEAR(surprise(clean, 0, 0.01, 1).below, std::pow(0.99, 459), 1e-6);
  EXPECT_GT(surprise(clean, 0, 0.01, 4).below, 0.3) << "clustered calls are fewer";
}

TEST(TuneStatistics, blocks_that_agree_by_chance_prove_no_more_than_independent_calls) {
  const auto same = blocks_of(8, 1000, 9);
  EXPECT_GT(surprise(same, 0, 0.01, 1).below, 0.15);
}

TEST(TuneStatistics, clusters_of_bad_calls_are_noticed) {
  auto blocks = blocks_of(8, 1000, 0);
  blocks[3].bad[0] = 60;
  EXPECT_GT(dispersion_of(blocks, 0).factor, 10);
  EXPECT_GT(surprise(blocks, 0, 0.02, 1).below, 0.01);
  EXPECT_LT(surprise(blocks_of(8, 1000, 8), 0, 0.02, 1).below, 1e-4);
}

/// Bad calls come by twenty, at any moment: 1 % of 2000 calls on average.
std::vector<Block> clustered_blocks(std::size_t count, Dice& dice) {
  auto blocks = blocks_of(count, 2000, 0);
  for (double at = dice.exponential(1); at < static_cast<double>(count); at += dice.exponential(1))
    blocks[static_cast<std::size_t>(at)].bad[0] += 20;
  return blocks;
}

TEST(TuneStatistics, clusters_do_not_fool_it_more_often_than_it_says) {
  Dice dice(1);
  constexpr int runs = 4000;
  constexpr double p = 0.01;
  int below = 0, above = 0, below_as_if_independent = 0;
  for (int run = 0; run < runs; ++run) {
    const auto blocks = clustered_blocks(32, dice);
    const double factor = std::max(1.0, dispersion_of(blocks, 0).factor);
    const Surprise seen = surprise(blocks, 0, 0.01, factor);
    below += seen.below < p;
    above += seen.above < p;
    const Share share = share_of(blocks, 0);
    const double deviations = (share.bad - 0.01 * share.calls) / std::sqrt(0.0099 * share.calls);
    below_as_if_independent += deviations < -2.33;
  }
  EXPECT_LE(below, 1.5 * p * runs);
  EXPECT_LE(above, 1.5 * p * runs);
  EXPECT_GT(below_as_if_independent, 20 * p * runs);
}

TEST(TuneStatistics, bounds_of_a_share_hold_it) {
  const auto blocks = blocks_of(16, 500, 4);
  const Bounds bounds = share_bounds(blocks, 0, 1, 0.025);
  EXPECT_LT(bounds.low, 0.008);
  EXPECT_GT(bounds.high, 0.008);
  EXPECT_NEAR(bounds.high - bounds.low, 4 * std::sqrt(0.008 * 0.992 / 8000), 8e-4);
}

TEST(TuneStatistics, too_few_blocks_are_not_compared) {
  EXPECT_FALSE(differ(blocks_of(1, 100, 0), blocks_of(8, 100, 90), 0, 1, 1e-3));
  EXPECT_FALSE(differ(blocks_of(8, 0, 0), blocks_of(8, 100, 90), 0, 1, 1e-3));
  EXPECT_FALSE(rates_differ(blocks_of(1, 100, 0), blocks_of(8, 900, 0), 1e-3));
  EXPECT_TRUE(differ(blocks_of(4, 100, 0), blocks_of(8, 100, 90), 0, 1, 1e-3));
  EXPECT_TRUE(rates_differ(blocks_of(3, 100, 0), blocks_of(8, 900, 0), 1e-3));
}

TEST(TuneAllowance, however_many_looks_are_taken_they_spend_no_more_than_is_allowed) {
  Allowance allowance(0.05);
  double sum = 0;
  for (std::size_t level = 1; level <= 40; ++level) {
    if (level % 2 == 0) allowance.seek(level, Standing::meets);
    for (int look = 0; look < 30; ++look)
      sum += allowance.spend(level, Standing::meets, look % 2 == 0);
  }
  EXPECT_LE(sum, 0.025);
  EXPECT_GT(sum, 0.02);
  EXPECT_NEAR(allowance.spent(), sum, 1e-12);
}

TEST(TuneAllowance, what_is_noticed_leaves_what_is_sought_alone) {
  Allowance allowance(0.05);
  for (int look = 0; look < 10; ++look) allowance.spend(7, Standing::meets, true);
  allowance.seek(7, Standing::meets);
  EXPECT_NEAR(allowance.spend(7, Standing::meets, true), 0.025 * 0.6 * 0.6, 1e-12);
  EXPECT_LT(allowance.spend(7, Standing::meets, true), 0.025 * 0.6 * 0.3) << "a second look";
}

TEST(TuneCurve, what_was_dropped_of_a_probe_is_in_no_figure) {
  Probe probe{.order = {.level = 5}, .blocks = blocks_of(4, 100, 50)};
  for (Block& block : probe.blocks)
    block.response_time = {{Histogram::bucket_of(milliseconds(10)), 100}};
  probe.blocks[3].bad = {0};
  probe.blocks[3].response_time = {{Histogram::bucket_of(milliseconds(80)), 100}};
  probe.dropped = 3;
  Curve curve({parse_slo("p99<=50ms")});
  curve.add(probe);
  EXPECT_EQ(curve.find(5)->blocks.size(), 1u);
  EXPECT_EQ(share_of(curve.find(5)->blocks, 0).value(), 0);
  EXPECT_GT(curve.find(5)->response_time.quantile(0.01), milliseconds(70));
  probe.dropped = 4;
  Curve none({parse_slo("p99<=50ms")});
  none.add(probe);
  EXPECT_EQ(none.find(5), nullptr);
}

TEST(TuneRivals, an_isotonic_fit_pools_what_falls_by_weight) {
  using ::testing::ElementsAre;
  EXPECT_THAT(isotonic_fit(std::vector<Weighted>{{3, 1}, {2, 1}, {1, 1}, {4, 1}}),
              ElementsAre(2, 2, 2, 4));
  EXPECT_THAT(isotonic_fit(std::vector<Weighted>{{1, 1}, {5, 3}, {1, 1}, {4.5, 1}}),
              ElementsAre(1, 4, 4, 4.5));
  EXPECT_THAT(isotonic_fit(std::vector<Weighted>{{1, 1}, {5, 1}, {4, 1}, {3, 1}}),
              ElementsAre(1, 4, 4, 4));
}

TEST(TuneTruth, closed_forms_agree_with_the_simulator) {
  const ClosedQueue queue{.workers = 3, .service = 0.010, .delay = 0.020};
  VirtualTarget target({.slos = {parse_slo("p99<=80ms")}},
                       queue_server({.workers = 3, .service = exponential(0.010), .delay = 0.02}),
                       7);
  const Probe probe =
      target.probe({.level = 14, .blocks = 4, .block = Seconds(100), .warm_up = Seconds(1)});
  const double share = share_of(probe.blocks, 0).value();
  EXPECT_NEAR(share, queue.exceedance(14, 0.08), 0.15 * share);
  EXPECT_NEAR(static_cast<double>(probe.blocks[0].calls) / 100, queue.throughput(14),
              0.03 * queue.throughput(14));
  EXPECT_NEAR(ClosedQueue({.workers = 1, .service = 0.01}).throughput(5), 100, 1e-9);
}

TEST(TuneTruth, erlangs_formula_agrees_with_the_simulator) {
  VirtualTarget target({.slos = {parse_slo("p90<=60ms")}, .vary = Vary::rate},
                       queue_server({.workers = 4, .service = exponential(0.020)}), 7);
  const Probe probe =
      target.probe({.level = 140, .blocks = 4, .block = Seconds(100), .warm_up = Seconds(2)});
  const double share = share_of(probe.blocks, 0).value();
  EXPECT_NEAR(share, open_exceedance(4, 0.020, 0, 140, 0.06), 0.1 * share);
}

TEST(TuneModels, fits_find_the_parameters_they_were_made_of) {
  std::vector<RatePoint> points;
  for (const double n : {1.0, 3.0, 8.0, 20.0, 50.0, 90.0})
    points.push_back({n, 120 * n / (1 + 0.03 * (n - 1) + 0.0004 * n * (n - 1))});
  const UslFit fit = fit_usl(points);
  EXPECT_NEAR(fit.gamma, 120, 1e-6);
  EXPECT_NEAR(fit.sigma, 0.03, 1e-9);
  EXPECT_NEAR(fit.kappa, 0.0004, 1e-9);
  EXPECT_LT(fit.error, 1e-9);
  points.clear();
  for (const double n : {1.0, 2.0, 4.0, 9.0, 20.0})
    points.push_back({n, std::min(n / 0.02, 300.0)});
  EXPECT_NEAR(fit_ceiling(points).most, 300, 1e-9);
  EXPECT_NEAR(fit_ceiling(points).alone, 0.02, 1e-9);
}

TEST(TuneModels, workers_are_counted) {
  for (const ClosedQueue& queue : {ClosedQueue{.workers = 8, .service = 0.01, .delay = 0.04},
                                   ClosedQueue{.workers = 3, .service = 0.02}}) {
    std::vector<RatePoint> points;
    for (const std::size_t n : {1u, 2u, 4u, 8u, 20u, 40u, 60u, 120u})
      points.push_back({static_cast<double>(n), queue.throughput(n)});
    const WorkersFit fit = fit_workers(points);
    EXPECT_EQ(fit.queue.workers, queue.workers);
    EXPECT_LE(fit.fewest, queue.workers);
    EXPECT_GE(fit.most, queue.workers);
    EXPECT_NEAR(fit.queue.service, queue.service, 0.05 * queue.service);
    EXPECT_LT(fit.error, 0.01);
  }
}

}  // namespace
}  // namespace atonce::testing
