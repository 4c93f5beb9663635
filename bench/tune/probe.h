#pragma once
/// What the tuner asks of a server, and what it gets: the border between search and measurement. A
/// live server and a simulated one stand behind the same interface.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/histogram.h"

namespace atonce::tune {

using Seconds = std::chrono::duration<double>;

/// Calls that ended within a stretch of time, or were seen then to be too late.
struct Block {
  Seconds span{};
  std::uint64_t calls = 0, failed = 0;
  std::vector<std::uint64_t> bad{};  ///< per objective
  BucketCounts response_time{};      ///< of the calls that ended well
};

enum class Purpose : unsigned char { scout, verdict, confirm, knee, outlook };
/// "scout", "verdict", "confirm", "knee", "outlook".
std::string_view name(Purpose purpose);

struct ProbeOrder {
  std::size_t level = 1;
  std::size_t blocks = 3;
  Seconds block{1};
  Seconds warm_up{0.5};
  Purpose purpose = Purpose::scout;
};

struct Probe {
  ProbeOrder order;
  Seconds began{}, took{};      ///< since the tuner began; with the warm-up
  std::vector<Block> blocks{};  ///< as many as asked for, unless it was stopped
  Histogram response_time{};    ///< of the calls that ended well
  std::uint64_t refused = 0;    ///< attempts for coming too fast (429)
  bool client_limited = false;  ///< the client was at its limit: this is not the server's doing
  std::size_t stalls = 0;       ///< stretches in which nothing ended: is_stall()
  double cpu = 0;               ///< share of the client's cores that was used
  std::vector<std::string> doubts{};  ///< codes of the trial's verdict
  std::string invalid{};              ///< why the figures must not be used; else empty
  bool sent_late = false;  ///< invalid as calls were not sent in time: by chance, or every time
  bool too_short = false;  ///< for any call to count; then also invalid
  /// So many of its first blocks count no more: their level has changed since, or the probe was
  /// cut off. The search says so.
  std::size_t dropped = 0;

  /// The blocks that count.
  std::span<const Block> counted() const {
    if (!invalid.empty() || client_limited) return {};
    return std::span(blocks).subspan(dropped);
  }
};

/// Whether nothing ended for so long that the server must have paused: longer than 50 ms and than
/// calls take, while 30 of them or more should have ended.
inline bool is_stall(Seconds gap, double calls_per_second, Seconds response) {
  return gap > Seconds(0.05) && gap > 1.3 * response && gap.count() * calls_per_second > 30;
}

/// Something that can be put under a level of load.
class Target {
 public:
  virtual ~Target() = default;
  virtual Probe probe(const ProbeOrder& order) = 0;
  /// Since the tuner began.
  virtual Seconds elapsed() const = 0;
  /// What a probe takes on top of its blocks and warm-up.
  virtual Seconds overhead() const = 0;
  virtual bool stopped() const = 0;
};

}  // namespace atonce::tune
