#pragma once
/// Other rules that say whether a candidate is slower, as well-known tools have them.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "bench/gate/study/recording.h"

namespace atonce::gate::study {

/// Figures of both arms in one cell, none of them empty; more is worse.
struct Samples {
  std::vector<double> baseline, candidate;
};

struct Rival {
  std::string_view name;
  /// `seed` is of whatever it draws.
  bool (*finds_worse)(const Samples& samples, std::uint64_t seed);
};
std::span<const Rival> rivals();

/// Two-sided p-value of Mann and Whitney's U by its normal approximation, ties and continuity
/// corrected (Mann and Whitney 1947).
double mann_whitney_p(std::span<const double> a, std::span<const double> b);

/// The lower end of Welch's 95 % interval of the difference of the means, as a share of the
/// baseline's (Welch 1947). At least two values each.
double welch_lower(const Samples& samples);

/// How slices are taken.
enum class Practice : unsigned char {
  in_turns,  ///< pairs in random order, as the gate takes them
  in_a_row,  ///< all of the baseline, then all of the candidate
};
/// A job of so many slices of each arm, by cell.
std::vector<Samples> samples_of(const Recording& recording, Practice practice, std::size_t slices,
                                const Injection& injection, std::uint64_t job);

}  // namespace atonce::gate::study
