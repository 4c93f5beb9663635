#pragma once
/// What the cost of a unit of concurrency is measured by.

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace atonce {

/// One kind of unit. A time is counted in items: one unit made and ended, or one hand-over.
struct UnitKind {
  std::string_view name;  ///< as in unit_costs/NAME/..., and in reports/unit_costs.cpp
  /// Makes a unit, has it run, and waits for its end, again and again.
  void (*create_join)(benchmark::State& state);
  /// Two units wake each other in turns; null where a unit cannot be switched away from and back.
  void (*change)(benchmark::State& state);
  /// Makes one unit, calls `reading`, makes `units` more and calls it again, each time when all of
  /// them have run to the point where they wait; then ends them. Throws std::exception when the
  /// machine refuses.
  void (*hold)(std::size_t units, const std::function<void()>& reading);
  std::vector<std::int64_t> counts;  ///< of units to hold
  /// Why the machine would refuse that many; nothing when it would not. May be null.
  std::optional<std::string> (*no_room)(std::size_t units) = nullptr;
  /// Others than the measuring thread do part of the work: it is timed by the wall clock, not by
  /// that thread's CPU time.
  bool shared_work = false;
};

extern const UnitKind coroutine_kind, asio_coroutine_kind, callback_kind, tbb_task_kind,
    thread_kind, process_kind, program_kind;

/// Hand-overs in one iteration of kinds that are switched within a thread: the loop around them
/// must not count.
inline constexpr std::int64_t turns_per_iteration = 1'000;

inline void count_items(benchmark::State& state, std::int64_t per_iteration) {
  state.SetItemsProcessed(state.iterations() * per_iteration);
}

}  // namespace atonce
