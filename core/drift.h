#pragma once
/// Whether a quantity changed in the course of a run.

#include <cstddef>
#include <optional>
#include <span>

#include "core/clock.h"

namespace atonce {

/// A course has this many values, each the median over an equal part of a run, in order.
inline constexpr std::size_t course_parts = 20;

struct Drift {
  enum class Kind : unsigned char {
    trend,  ///< it went one way all the time
    step,   ///< it jumped, and stayed
    start,  ///< the first tenth was unlike the second half
  };
  Kind kind = Kind::trend;
  Nanos from{}, to{};
  double at = 0;  ///< of a step: which share of the run was over
};

/// The change, where it is one of at least a fifth and none that a steady run shows by chance: on
/// noise that remembers up to a quarter of the run there is less than one false alarm in a
/// thousand. Nothing when `course` has not course_parts values.
std::optional<Drift> find_drift(std::span<const Nanos> course);

}  // namespace atonce
