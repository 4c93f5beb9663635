#pragma once
/// What servers can do, in closed form.

#include <cstddef>
#include <functional>

#include "bench/tune/closed_queue.h"

namespace atonce::tune::sim {

/// The queue of ClosedQueue under Poisson arrivals of `rate`: Erlang's C formula.
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
