#pragma once
/// What a gate measured: raw, so that everything it says can be computed again from it.

#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/clock.h"

namespace atonce::gate {

/// A figure in which two arms are compared.
struct CellInfo {
  std::string name;  ///< "response_p50"
  std::string unit;  ///< "ns", "calls/s"
  bool more_is_better = false;
};

/// When the gate speaks and when it stops. All of it is fixed before the first pair.
struct Rules {
  double alpha = 0.01;         ///< most often FAIL when nothing is worse by more than `tolerated`,
                               ///< nor more calls fail than `most_errors`
  double beta = 0.01;          ///< most often PASS when something is worse by `regression` or more
  double tolerated = 0.03;     ///< an effect up to it is not worth an alarm
  double regression = 0.08;    ///< an effect from it on must not pass
  double most_errors = 0.01;   ///< share of an arm's calls that may fail, above 0
  double most_dropped = 0.2;   ///< share of the pairs that the environment may spoil
  double most_steal = 0.1;     ///< of all cores' time during a slice
  double most_stalled = 0.1;   ///< share of a slice that the gate itself was held up
  unsigned control_every = 4;  ///< one pair of so many is baseline against baseline; 0 = none
  std::size_t most_pairs = 1000;
  Nanos most_time = std::chrono::minutes(5);
};

/// What went on around a slice.
struct Surroundings {
  double steal = 0;  ///< share of all cores' time that the host took away
  double pressure =
      0;  ///< share of the time in which some task waited for a core (PSI); 0: unknown
  std::uint64_t involuntary_switches = 0;  ///< of the client
  Nanos stalled{};                         ///< sum of all stalls of a 1 ms sleeper beyond 5 ms
  Nanos worst_stall{};
  std::string invalid{};  ///< why the trial itself says that its figures are INVALID
};

inline constexpr double no_value = std::numeric_limits<double>::quiet_NaN();

/// One arm's half of a pair.
struct Slice {
  std::vector<double> values{};  ///< one per cell
  std::uint64_t calls = 0, errors = 0;
  Nanos length{};
  Surroundings around{};
};

enum class Side : unsigned char { baseline, candidate };
constexpr std::string_view name(Side side) {
  return side == Side::baseline ? "baseline" : "candidate";
}

/// Two slices, one right after the other. In a control pair the candidate is the baseline too.
struct Pair {
  std::uint64_t number = 0;  ///< of its schedule, and of its coins
  bool control = false;
  bool candidate_first = false;
  Nanos ended{};  ///< since the job began
  std::array<Slice, 2> slices{};

  const Slice& of(Side side) const { return slices[static_cast<std::size_t>(side)]; }
  Slice& of(Side side) { return slices[static_cast<std::size_t>(side)]; }
};

struct Load {
  double rate = 0;      ///< sessions per second of the open slice; 0 = there is none
  double capacity = 0;  ///< of the baseline, calls per second, when it was measured
  bool closed = false;  ///< there is a closed slice
  Nanos warm_up{}, measured{};
};

using Facts = std::vector<std::pair<std::string, std::string>>;

/// How the pairs came about, as far as it limits what they prove.
enum class Design : unsigned char {
  paired,     ///< side by side, order by coin
  stored,     ///< the baseline's slices are those of an earlier run
  benchmarks  ///< read from Google Benchmark's files
};

struct Record {
  Design design = Design::paired;
  std::string scenario, scenario_text, created;
  std::string baseline, candidate;  ///< the arms, as asked for
  std::uint64_t seed = 0;           ///< of the coins
  std::uint64_t schedule_seed = 0;
  Rules rules;
  Load load;
  std::vector<CellInfo> cells;
  std::vector<std::string> left_out;  ///< why cells that were wanted are not there
  Facts environment;
  Facts foreign;            ///< keys in which a stored baseline's environment differs
  std::vector<Pair> pairs;  ///< in the order in which they were measured
  bool interrupted = false;
  std::string failure;  ///< why it could not go on; else empty
};

}  // namespace atonce::gate
