#pragma once
/// What servers can do, in closed form.

#include <cstddef>
#include <functional>

namespace atonce::tune::sim {

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

/// The same queue under Poisson arrivals of `rate`: Erlang's C formula.
double open_exceedance(std::size_t workers, double service, double delay, double rate,
                       double limit);

/// The highest level up to `most` for which `share` of bad calls is at most `allowed`; 0 if there
/// is none. `share` must rise.
std::size_t highest_level(const std::function<double(std::size_t)>& share, double allowed,
                          std::size_t most);
/// The lowest level up to `most` with that part of the highest throughput.
std::size_t lowest_level(const std::function<double(std::size_t)>& throughput, double part,
                         std::size_t most);

}  // namespace atonce::tune::sim
