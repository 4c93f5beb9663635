#pragma once
/// Jobs that were never played, made of pairs that were.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "bench/gate/judge.h"

namespace atonce::gate {

/// The pairs of the record that can be used.
std::vector<Pair> usable_pairs(const Record& record);

/// Draws from pairs of one arm against itself: blocks of neighbours, which keep what they have in
/// common, and in each pair baseline and candidate dealt anew by a coin, the order of the slices
/// being what it was. The same job draws the same pairs.
class PairDraw {
 public:
  /// `pairs` must not be empty, and outlive it.
  PairDraw(std::span<const Pair> pairs, std::uint64_t job) : pairs_(pairs), job_(job) {}

  Pair next();

 private:
  std::span<const Pair> pairs_;
  std::uint64_t job_;
  std::uint64_t drawn_ = 0;
  std::size_t at_ = 0;
};

/// What the candidate's figures are multiplied by, by cell; empty = left as they are.
using Injection = std::vector<double>;
void inject(Pair& pair, const Injection& injection);

struct VirtualJob {
  Decision decision = Decision::none;
  std::size_t pairs = 0;
};
/// A job of the pairs that `next` gives, under `rules`, of which `most_pairs` is the budget.
/// Control pairs stay as they are.
VirtualJob play_virtual_job(const std::function<Pair()>& next, const std::vector<CellInfo>& cells,
                            Rules rules, const Injection& injection = {});

/// Pairs of this record that a job of `budget` has time for.
std::size_t pairs_within(const Record& record, Nanos budget);

}  // namespace atonce::gate
