#include "bench/tune/closed_queue.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace atonce::tune {
namespace {

/// P(Poisson(mean) < count).
double poisson_below(std::size_t count, double mean) {
  double sum = 0;
  for (std::size_t i = 0; i < count; ++i)
    sum += std::exp(static_cast<double>(i) * std::log(mean) - mean -
                    std::lgamma(static_cast<double>(i) + 1));
  return std::min(1.0, sum);
}

/// P(wait for `ahead` departures at rate c/S, then a service of mean S, is longer than `limit`).
double longer(std::size_t ahead, std::size_t workers, double service, double limit) {
  if (limit <= 0) return 1;
  const double rate = 1 / service, c = static_cast<double>(workers);
  if (ahead == 0) return std::exp(-rate * limit);
  if (workers == 1) return poisson_below(ahead + 1, rate * limit);
  // The wait alone is longer, or it ends before and the service takes the rest.
  const double tilted =
      std::exp(-rate * limit + static_cast<double>(ahead) * std::log(c / (c - 1)));
  return poisson_below(ahead, c * rate * limit) +
         tilted * (1 - poisson_below(ahead, (c - 1) * rate * limit));
}

/// P(k calls at the queue), k = 0 ... level.
std::vector<double> at_queue(const ClosedQueue& queue, std::size_t level) {
  std::vector<double> p(level + 1);
  double most = -1e300, log_p = 0;
  for (std::size_t k = 0; k <= level; ++k) {
    if (k > 0) log_p += std::log(queue.service / static_cast<double>(std::min(k, queue.workers)));
    const auto elsewhere = static_cast<double>(level - k);
    const bool possible = queue.delay > 0 || k == level;
    p[k] = !possible ? -1e300
                     : log_p + (elsewhere > 0 ? elsewhere * std::log(queue.delay) : 0) -
                           std::lgamma(elsewhere + 1);
    most = std::max(most, p[k]);
  }
  double sum = 0;
  for (double& value : p) sum += value = std::exp(value - most);
  for (double& value : p) value /= sum;
  return p;
}

}  // namespace

double ClosedQueue::throughput(std::size_t level) const {
  const auto p = at_queue(*this, level);
  double sum = 0;
  for (std::size_t k = 0; k <= level; ++k)
    sum += p[k] * static_cast<double>(std::min(k, workers)) / service;
  return sum;
}

double ClosedQueue::exceedance(std::size_t level, double limit) const {
  const auto p = at_queue(*this, level - 1);
  double sum = 0;
  for (std::size_t k = 0; k < level; ++k) {
    if (p[k] < 1e-15) continue;
    const std::size_t ahead = k < workers ? 0 : k - workers + 1;
    sum += p[k] * longer(ahead, workers, service, limit - delay);
  }
  return sum;
}

}  // namespace atonce::tune
