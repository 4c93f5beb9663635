#pragma once
/// The figures that the gate knows how to take from a slice.

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bench/gate/record.h"

namespace atonce::gate {

enum class Measure : unsigned char {
  throughput,
  response_p50,
  response_p95,
  cpu_per_call,
  overhead_p50,
  overhead_p95,
};
inline constexpr std::size_t measure_count = 6;

using Values = std::array<double, measure_count>;
Values no_values();

const CellInfo& info(Measure measure);
/// All, in the order of the enum.
std::span<const Measure> all_measures();
/// Throws std::invalid_argument, with the names there are.
Measure measure_named(std::string_view name);
/// Comes from the closed slice; all others come from the open one.
constexpr bool of_closed_slice(Measure measure) {
  return measure == Measure::throughput;
}
/// Fewest calls in a slice that say something about it.
std::uint64_t fewest_calls(Measure measure);

/// "10.2 ms", "1.05k/s".
std::string format_value(const CellInfo& cell, double value);
/// "+3.1 %", "-12 %", "?" when it is not finite.
std::string format_share(double share);
/// An effect that can be found: "4.2 %", ">100 %", "-" for none.
std::string format_detectable(double share);

}  // namespace atonce::gate
