#pragma once
/// Servers of which the answer is known.

#include <memory>
#include <string>
#include <vector>

#include "bench/tune/sim/virtual_target.h"
#include "bench/tune/tuning.h"

namespace atonce::tune::sim {

struct Truth {
  std::string name;
  std::vector<Slo> slos;
  std::function<std::unique_ptr<VirtualServer>()> server;
  std::size_t boundary = 0;  ///< the highest level that meets all; 0 where there is none
  std::size_t knee = 0;      ///< the lowest with 95 % of the highest throughput; 0: not known
  Vary vary = Vary::cap;
  double client_rate = 0;  ///< see VirtualClient
  Range range{};

  VirtualTarget target(std::uint64_t seed) const;
  Rules rules() const;
};

/// Those in closed form: where a boundary lies within the range.
std::vector<Truth> known_truths();
/// Queues whose pauses have no closed form: the boundary comes from long simulations.
std::vector<Truth> paused_truths(double pauses_per_second);
/// Services that are short or long, likewise.
std::vector<Truth> simulated_truths();

Truth closed_queue(std::size_t workers, double service, double delay, const std::string& slo);
Truth fixed_queue(std::size_t workers, double service, const std::string& slo);
Truth rate_limit(double rate, double least, const std::string& slo);
Truth refusals(double rate, double service, double refusal, const std::string& slo);
Truth contention(double sigma, double kappa, double service, const std::string& slo);
Truth open_queue(std::size_t workers, double service, double delay, const std::string& slo);

}  // namespace atonce::tune::sim
