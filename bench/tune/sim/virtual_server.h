#pragma once
/// Servers in virtual time, of which it is known what they can do.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <queue>
#include <string>
#include <vector>

#include "core/random.h"

namespace atonce::tune::sim {

/// Random numbers of one run.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : seed_(seed) {}
  double uniform() { return uniform01(seed_, ++count_, Stream::service); }
  double exponential(double mean);

 private:
  std::uint64_t seed_, count_ = 0;
};

/// Times are seconds since the tuner began.
struct Reply {
  double at = 0;
  bool ok = true;
  bool refused = false;  ///< for coming too fast
};

class VirtualServer {
 public:
  virtual ~VirtualServer() = default;
  /// A call that arrives at `now`, as one of `in_flight`. All that matters to its end is known
  /// then: queues are first come, first served.
  virtual Reply call(double now, std::size_t in_flight, Dice& dice) = 0;
  /// All calls are gone; a new client begins.
  virtual void begin(double now) = 0;
};

/// Draws a time.
using TimeLaw = std::function<double(Dice&)>;
TimeLaw fixed(double time);
TimeLaw exponential(double mean);
/// `first` with probability `weight`, else `second`.
TimeLaw either(TimeLaw first, TimeLaw second, double weight);

/// Now and then nothing is answered for a while: what would be goes out when it is over.
struct Pauses {
  double rate = 0, length = 0;  ///< per second; seconds
};

/// A queue before `workers`, each busy for a service; then a delay that occupies nobody.
struct QueueModel {
  std::size_t workers = 1;
  TimeLaw service;
  double delay = 0;
  Pauses pauses{};
  double cold_until = 0, cold_factor = 1;  ///< services take longer up to then
};
std::unique_ptr<VirtualServer> queue_server(QueueModel model);

/// No queue: a time that depends on how many calls there are.
std::unique_ptr<VirtualServer> loaded_server(std::function<double(std::size_t in_flight, Dice&)>,
                                             Pauses pauses = {});

/// One call per 1/rate at most, each taking `least`: the others wait.
std::unique_ptr<VirtualServer> limiting_server(double rate, double least);
/// A bucket of `burst` calls, refilled at `rate`: others are refused after `refusal` seconds.
std::unique_ptr<VirtualServer> refusing_server(double rate, double burst, double service,
                                               double refusal);
/// Takes `good` until more than `enter` calls are there; then `bad`, until fewer than `leave` are.
/// A new client does not mend it.
std::unique_ptr<VirtualServer> sticky_server(double good, double bad, std::size_t enter,
                                             std::size_t leave);

}  // namespace atonce::tune::sim
