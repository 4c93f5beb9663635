#pragma once
/// A server with workers under a closed load, in closed form.

#include <cstddef>

namespace atonce::tune {

/// `workers` with exponential services of mean `service`, first come, first served, then a fixed
/// `delay`; `level` calls at all times. A closed network of two stations: product form (Baskett,
/// Chandy, Muntz, Palacios 1975). Seconds.
struct ClosedQueue {
  std::size_t workers = 1;
  double service = 0, delay = 0;

  /// Ok calls per second.
  double throughput(std::size_t level) const;
  /// P(response time > limit): what arrives sees the network as it is with one call less (arrival
  /// theorem; Sevcik and Mitrani 1981).
  double exceedance(std::size_t level, double limit) const;
};

}  // namespace atonce::tune
