#pragma once
/// What a search was asked for and what it left: the record from which every document is made.

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "bench/tune/objective.h"
#include "bench/tune/probe.h"
#include "bench/tune/proposal.h"

namespace atonce::tune {

struct Rules {
  std::vector<Slo> slos{};
  Goal goal = Goal::slo;
  Vary vary = Vary::cap;
  Range range{};
  std::string cut{};  ///< what ends the range, where it was cut short; else empty
  Seconds budget{180};
  Seconds block{1};          ///< least length of a block; ten response times where that is more
  double error = 0.05;       ///< most often the boundary lies outside its interval
  double most_width = 0.15;  ///< an interval up to it, as a share of its end, is narrow enough
};

enum class Flag : unsigned char {
  none_in_range,    ///< no level of the range was seen to fail
  fails_at_lowest,  ///< not even the lowest level meets the objectives
  cliff,            ///< just beyond the boundary response times jump
  undecided_band,   ///< levels remain of which neither was proved
  client_limited,   ///< what kept the search from going on was the client
  stalls,           ///< now and then nothing was answered for a while
  drift,            ///< a level did not stay what it was
  non_monotone,     ///< a level fails though a higher one meets the objectives
  still_growing,    ///< throughput still grows where the range ends: the knee is that of the range
};
inline constexpr std::size_t flag_count = 9;
/// "none-in-range", "fails-at-1" ("fails-at-lowest" where the range begins elsewhere), ...
std::string_view name(Flag flag, const Range& range);

enum class Standing : unsigned char { open, meets, misses, undecided };
/// "open", "meets", "misses", "undecided".
std::string_view name(Standing standing);

struct Verdict {
  std::size_t level = 0;
  Standing standing = Standing::open;
};

/// An interval of levels that holds the one sought: at least `low`, below `beyond`.
struct LevelInterval {
  std::optional<std::size_t> low{};     ///< proved to be no more than what is sought
  std::optional<std::size_t> beyond{};  ///< proved to be more
  bool operator==(const LevelInterval&) const = default;
};
/// Both ends are known, and next to each other or as close as the rules ask for.
bool is_narrow(const Rules& rules, const LevelInterval& interval);

enum class End : unsigned char {
  decided,
  out_of_budget,
  interrupted,
  failed,  ///< probes could not be used
};

struct Tuning {
  Rules rules{};
  std::vector<Probe> probes{};      ///< in order
  std::vector<Verdict> verdicts{};  ///< by level
  LevelInterval boundary{};         ///< the highest level that meets all objectives
  double estimate = 0;              ///< where the boundary is most likely; 0 = not known
  /// The lowest level at which the client was at its limit, above all at which it was not.
  std::optional<std::size_t> client_limit{};
  std::optional<LevelInterval> knee{};  ///< of throughput, or of goodput: see Goal
  std::set<Flag> flags{};
  End end = End::decided;
  /// An end is not known, or the search was cut off before it was as close as the rules ask for: a
  /// longer one would tell more.
  bool is_open = false;
  std::string failure{};  ///< why the last probe could not be used; else empty
  Seconds used{};
  /// How often the boundary, and the knee, may be missed by the looks that were taken: no more than
  /// rules.error each.
  double spent = 0, spent_on_knee = 0;
};

/// Nothing was proved to miss, and what meets is as close to the limit of the client as the rules
/// ask for: what lies beyond says nothing of the server.
bool ends_at_client(const Tuning& tuning);

/// The highest level that could be probed; 0 = none could.
std::size_t highest_probed(const Tuning& tuning);

/// So near to a level at which the client was at its limit it is likely to be at it again.
inline constexpr double near_client = 1.3;
/// Throughput pays, or may pay, as far up as the client can go: the knee is beyond its reach.
bool knee_is_beyond_client(const Tuning& tuning);

/// The ends of the boundary are known, or are those of what can be probed.
bool has_low(const Tuning& tuning);
bool has_high(const Tuning& tuning);
/// It was asked for, and more time would tell more.
bool is_boundary_open(const Tuning& tuning);
bool is_knee_open(const Tuning& tuning);

/// The level to set: nothing where nothing was proved.
std::optional<std::size_t> recommended(const Tuning& tuning);

}  // namespace atonce::tune
