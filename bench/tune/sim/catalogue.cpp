#include "bench/tune/sim/catalogue.h"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "bench/tune/sim/truth.h"

namespace atonce::tune::sim {
namespace {

constexpr std::size_t most_level = 1000;

double limit_of(const Slo& slo) {
  return Seconds(slo.limit).count();
}

/// The share of bad calls at a level, from a long run.
double long_run(const Truth& truth, std::size_t level) {
  constexpr double calls = 1'500'000;
  VirtualTarget target = truth.target(level);
  const Probe first = target.probe({.level = level, .blocks = 2, .block = Seconds(5)});
  const double rate = static_cast<double>(first.blocks[0].calls + first.blocks[1].calls) / 10;
  const Probe probe = target.probe(
      {.level = level, .blocks = 2, .block = Seconds(calls / rate / 2), .warm_up = Seconds(5)});
  return share_of(probe.blocks, 0).value();
}

Truth with_boundary_simulated(Truth truth, std::size_t most) {
  truth.boundary = highest_level([&](std::size_t level) { return long_run(truth, level); },
                                 truth.slos[0].share, most);
  return truth;
}

}  // namespace

VirtualTarget Truth::target(std::uint64_t seed) const {
  return VirtualTarget({.slos = slos, .vary = vary, .most_rate = client_rate}, server(),
                       mix(seed ^ mix(boundary)));
}

Rules Truth::rules() const {
  return {.slos = slos, .vary = vary, .range = range};
}

Truth closed_queue(std::size_t workers, double service, double delay, const std::string& slo) {
  const ClosedQueue queue{.workers = workers, .service = service, .delay = delay};
  Truth truth{
      .name = fmt::format("M/M/{} S={:g}ms D={:g}ms {}", workers, 1e3 * service, 1e3 * delay, slo),
      .slos = {parse_slo(slo)},
      .server = [=] {
        return queue_server({.workers = workers, .service = exponential(service), .delay = delay});
      }};
  const double limit = limit_of(truth.slos[0]);
  truth.boundary = highest_level([&](std::size_t level) { return queue.exceedance(level, limit); },
                                 truth.slos[0].share, most_level);
  const std::size_t enough =
      4 * workers + static_cast<std::size_t>(4 * static_cast<double>(workers) * delay / service);
  truth.knee =
      lowest_level([&](std::size_t level) { return queue.throughput(level); }, 0.95, enough);
  return truth;
}

Truth fixed_queue(std::size_t workers, double service, const std::string& slo) {
  Truth truth{
      .name = fmt::format("M/D/{} S={:g}ms {}", workers, 1e3 * service, slo),
      .slos = {parse_slo(slo)},
      .server = [=] { return queue_server({.workers = workers, .service = fixed(service)}); },
      .knee = static_cast<std::size_t>(std::ceil(0.95 * static_cast<double>(workers)))};
  // Workers that began together end together: response times are whole numbers of services, and
  // with a call more than `workers` times such a number some take one more.
  truth.boundary = workers * static_cast<std::size_t>(limit_of(truth.slos[0]) / service);
  return truth;
}

Truth rate_limit(double rate, double least, const std::string& slo) {
  Truth truth{.name = fmt::format("limit {:g}/s, {:g}ms, {}", rate, 1e3 * least, slo),
              .slos = {parse_slo(slo)},
              .server = [=] { return limiting_server(rate, least); }};
  truth.boundary = static_cast<std::size_t>(rate * limit_of(truth.slos[0]));
  truth.knee = static_cast<std::size_t>(std::ceil(0.95 * rate * least));
  return truth;
}

Truth refusals(double rate, double service, double refusal, const std::string& slo) {
  Truth truth{.name = fmt::format("429 beyond {:g}/s, {:g}ms, {}", rate, 1e3 * service, slo),
              .slos = {parse_slo(slo)},
              .server = [=] { return refusing_server(rate, 20, service, refusal); }};
  const double ok = 1 - truth.slos[0].share;
  truth.boundary = static_cast<std::size_t>(rate * (ok * service + (1 - ok) * refusal) / ok);
  return truth;
}

Truth contention(double sigma, double kappa, double service, const std::string& slo) {
  const auto mean = [=](std::size_t calls) {
    const double n = static_cast<double>(calls);
    return service * (1 + sigma * (n - 1) + kappa * n * (n - 1));
  };
  Truth truth{.name = fmt::format("USL {:g}, {:g}, {:g}ms {}", sigma, kappa, 1e3 * service, slo),
              .slos = {parse_slo(slo)},
              .server = [=] {
                return loaded_server(
                    [=](std::size_t calls, Dice& dice) { return dice.exponential(mean(calls)); });
              }};
  const double limit = limit_of(truth.slos[0]);
  truth.boundary = highest_level([&](std::size_t level) { return std::exp(-limit / mean(level)); },
                                 truth.slos[0].share, most_level);
  truth.knee = lowest_level(
      [&](std::size_t level) { return static_cast<double>(level) / mean(level); }, 0.95, 400);
  return truth;
}

Truth open_queue(std::size_t workers, double service, double delay, const std::string& slo) {
  Truth truth{.name = fmt::format("rate of M/M/{} S={:g}ms {}", workers, 1e3 * service, slo),
              .slos = {parse_slo(slo)},
              .server =
                  [=] {
                    return queue_server(
                        {.workers = workers, .service = exponential(service), .delay = delay});
                  },
              .vary = Vary::rate};
  const double limit = limit_of(truth.slos[0]);
  truth.boundary = highest_level(
      [&](std::size_t level) {
        return open_exceedance(workers, service, delay, static_cast<double>(level), limit);
      },
      truth.slos[0].share, most_level);
  truth.range = {.low = 5, .high = 1000};
  return truth;
}

std::vector<Truth> known_truths() {
  return {
      closed_queue(1, 0.010, 0, "p99<=100ms"),      closed_queue(1, 0.004, 0.020, "p99<=100ms"),
      closed_queue(2, 0.010, 0, "p99<=100ms"),      closed_queue(2, 0.010, 0.020, "p95<=150ms"),
      closed_queue(3, 0.015, 0.010, "p99<=150ms"),  closed_queue(4, 0.010, 0.020, "p99<=100ms"),
      closed_queue(4, 0.020, 0, "p95<=200ms"),      closed_queue(6, 0.012, 0.030, "p99<=120ms"),
      closed_queue(8, 0.010, 0, "p99<=100ms"),      closed_queue(8, 0.010, 0.040, "p99<=100ms"),
      closed_queue(8, 0.020, 0.020, "p90<=100ms"),  closed_queue(12, 0.015, 0.005, "p99<=120ms"),
      closed_queue(16, 0.010, 0.040, "p99<=100ms"), closed_queue(16, 0.020, 0, "p99<=200ms"),
      closed_queue(24, 0.020, 0.060, "p95<=150ms"), closed_queue(32, 0.020, 0.020, "p99<=150ms"),
      closed_queue(64, 0.020, 0, "p99<=120ms"),     closed_queue(10, 0.100, 0.200, "p99<=1s"),
      fixed_queue(1, 0.0101, "p99<=100ms"),         fixed_queue(4, 0.0203, "p99<=100ms"),
      fixed_queue(8, 0.0201, "p99<=200ms"),         fixed_queue(13, 0.0307, "p95<=150ms"),
      fixed_queue(32, 0.0253, "p99<=100ms"),        rate_limit(203, 0.020, "p99<=150ms"),
      rate_limit(97.3, 0.050, "p99<=400ms"),        rate_limit(611, 0.010, "p95<=100ms"),
      refusals(310, 0.050, 0.005, "errors<=1%"),    refusals(2030, 0.020, 0.005, "errors<=0.5%"),
      contention(0.02, 0.001, 0.010, "p99<=150ms"), contention(0.05, 0.0005, 0.008, "p99<=100ms"),
      contention(0, 0.002, 0.010, "p95<=100ms"),    contention(0.01, 0.0001, 0.010, "p99<=120ms"),
      open_queue(4, 0.020, 0, "p99<=150ms"),        open_queue(8, 0.020, 0.020, "p95<=100ms"),
      open_queue(2, 0.005, 0.010, "p99<=50ms"),     open_queue(16, 0.040, 0, "p99<=250ms"),
  };
}

std::vector<Truth> simulated_truths() {
  const auto bimodal = [](std::size_t workers, double slow, double weight, const char* slo) {
    return Truth{
        .name = fmt::format("M/H2/{} 5ms or {:g}ms {}", workers, 1e3 * slow, slo),
        .slos = {parse_slo(slo)},
        .server = [=] {
          return queue_server({.workers = workers,
                               .service = either(exponential(0.005), exponential(slow), weight),
                               .delay = 0.01});
        }};
  };
  return {with_boundary_simulated(bimodal(4, 0.03, 0.9, "p95<=120ms"), 200),
          with_boundary_simulated(bimodal(8, 0.05, 0.95, "p95<=100ms"), 200)};
}

std::vector<Truth> paused_truths(double rate) {
  const auto paused = [&](std::size_t workers, double service, double delay, double length,
                          const char* slo) {
    Truth truth{.name = fmt::format("M/M/{} S={:g}ms D={:g}ms {}, {:g}/s pauses of {:g}ms", workers,
                                    1e3 * service, 1e3 * delay, slo, rate, 1e3 * length),
                .slos = {parse_slo(slo)},
                .server = [=] {
                  return queue_server({.workers = workers,
                                       .service = exponential(service),
                                       .delay = delay,
                                       .pauses = {.rate = rate, .length = length}});
                }};
    return with_boundary_simulated(std::move(truth), 300);
  };
  return {paused(8, 0.010, 0.040, 0.15, "p99<=100ms"), paused(4, 0.010, 0, 0.1, "p95<=80ms"),
          paused(16, 0.020, 0.020, 0.2, "p95<=150ms"), paused(2, 0.010, 0.020, 0.3, "p95<=150ms"),
          paused(32, 0.020, 0.020, 0.1, "p99<=150ms"), paused(8, 0.010, 0, 0.2, "p99<=200ms")};
}

}  // namespace atonce::tune::sim
