#pragma once
/// A virtual server under load, as a target of the tuner.

#include <cstdint>
#include <functional>
#include <memory>
#include <queue>
#include <vector>

#include "bench/tune/objective.h"
#include "bench/tune/proposal.h"
#include "bench/tune/sim/virtual_server.h"

namespace atonce::tune::sim {

struct VirtualClient {
  std::vector<Slo> slos;
  Vary vary = Vary::cap;       ///< a cap under closed load, or a rate of Poisson arrivals
  double most_rate = 0;        ///< calls per second that the client can make; 0 = any
  std::size_t stop_after = 0;  ///< probes, then it is stopped; 0 = never
};

class VirtualTarget : public Target {
 public:
  VirtualTarget(VirtualClient client, std::unique_ptr<VirtualServer> server, std::uint64_t seed);

  Probe probe(const ProbeOrder& order) override;
  Seconds elapsed() const override { return Seconds(now_); }
  Seconds overhead() const override;
  bool stopped() const override { return client_.stop_after > 0 && probes_ >= client_.stop_after; }

 private:
  struct Ending {
    double at = 0, sent = 0;
    bool ok = true, refused = false;
    double counts_at = 0;  ///< since the first block began
    bool operator>(const Ending& other) const { return at > other.at; }
  };
  class Tally;

  using Endings = std::priority_queue<Ending, std::vector<Ending>, std::greater<>>;

  void play_closed(std::size_t level, double end, Tally& tally);
  void play_open(double rate, double end, Tally& tally);
  /// Calls that are late already, though they have not ended.
  static void add_late(Endings endings, Tally& tally);

  VirtualClient client_;
  std::unique_ptr<VirtualServer> server_;
  Dice dice_;
  double now_ = 0;
  std::size_t probes_ = 0;
};

}  // namespace atonce::tune::sim
