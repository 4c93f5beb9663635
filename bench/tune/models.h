#pragma once
/// Models of a server, fitted to what was seen. They explain; verdicts do not depend on them.

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "bench/tune/closed_queue.h"

namespace atonce::tune {

struct RatePoint {
  double level = 1, rate = 0;
  double spread = 0;  ///< of response times, from the median to p90, in seconds; 0: not known
};

/// Gunther's universal scalability law: rate = gamma N / (1 + sigma (N - 1) + kappa N (N - 1)).
struct UslFit {
  double gamma = 1, sigma = 0, kappa = 0;
  double error = 0;  ///< root mean square of the relative errors
  double rate(double level) const;
};
/// Least squares on N / rate, relative; sigma and kappa are not negative.
UslFit fit_usl(std::span<const RatePoint> points);

/// At most `most` calls per second, each taking `alone` where there is room: min(N / alone, most),
/// as workers or a rate limit make it.
struct CeilingFit {
  double alone = 1, most = 1;  ///< seconds; calls per second
  double error = 0;            ///< root mean square of the relative errors
  double rate(double level) const;
};
CeilingFit fit_ceiling(std::span<const RatePoint> points);

/// Workers with exponential services and a delay: ClosedQueue.
struct WorkersFit {
  ClosedQueue queue{};
  std::size_t fewest = 1, most = 1;  ///< workers that fit hardly worse
  double error = 0;                  ///< root mean square of the relative errors
  double rate(double level) const;
};
/// By rising level. How many workers there are is seen from how response times are spread at the
/// lowest level, as long as that is one at which hardly any call waits.
WorkersFit fit_workers(std::span<const RatePoint> points);

}  // namespace atonce::tune
