#include "bench/tune/sim/truth.h"

#include <algorithm>
#include <cmath>

namespace atonce::tune::sim {

double open_exceedance(std::size_t workers, double service, double delay, double rate,
                       double limit) {
  const double c = static_cast<double>(workers), load = rate * service, t = limit - delay;
  if (load >= c) return 1;
  double term = 1, sum = 1;  // of a^k / k!
  for (std::size_t k = 1; k < workers; ++k) sum += term *= load / static_cast<double>(k);
  const double last = term * load / c * c / (c - load);
  const double waits = last / (sum + last);
  const double wait_rate = (c - load) / service, service_rate = 1 / service;
  const double at_once = std::exp(-service_rate * t);
  // The sum of two exponential times.
  const double apart = wait_rate - service_rate;
  const double both = std::abs(apart) < 1e-9 * service_rate
                          ? (1 + service_rate * t) * at_once
                          : (wait_rate * at_once - service_rate * std::exp(-wait_rate * t)) / apart;
  return (1 - waits) * at_once + waits * both;
}

std::size_t highest_level(const std::function<double(std::size_t)>& share, double allowed,
                          std::size_t most) {
  std::size_t good = 0, bad = most + 1;
  while (bad - good > 1) {
    const std::size_t middle = (good + bad) / 2;
    (share(middle) <= allowed ? good : bad) = middle;
  }
  return good;
}

std::size_t lowest_level(const std::function<double(std::size_t)>& throughput, double part,
                         std::size_t most) {
  double highest = 0;
  for (std::size_t level = 1; level <= most; ++level)
    highest = std::max(highest, throughput(level));
  for (std::size_t level = 1; level <= most; ++level)
    if (throughput(level) >= part * highest) return level;
  return most;
}

}  // namespace atonce::tune::sim
