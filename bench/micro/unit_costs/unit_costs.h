#pragma once
/// What one coroutine, callback, task, thread or process costs: to make and join, to switch, and in
/// memory while it waits.

#include <optional>
#include <string_view>

namespace atonce {

/// Registers unit_costs/KIND/create_join, /switch and /memory/units:N. Memory is measured in a
/// fresh run of this program for each figure, so that no allocator reuses what an earlier one left.
void register_unit_cost_benchmarks();

/// First argument of the runs that this program makes of itself.
inline constexpr std::string_view memory_argument = "unit-cost-memory";
inline constexpr std::string_view wait_argument = "unit-cost-wait";

/// The exit code when the arguments ask for such a run, which is then over; else nothing.
std::optional<int> run_unit_cost_child(int argc, char** argv);

}  // namespace atonce
