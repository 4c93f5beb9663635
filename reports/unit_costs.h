#pragma once
/// What one coroutine, callback, task, thread or process costs: Google Benchmark's results of the
/// suite unit_costs (bench/micro), beside what is usually said.

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reports/document.h"
#include "reports/table.h"

namespace atonce {

/// Per unit, with `units` alive and waiting; what processes share counts once. Kernel stacks and
/// the kernel's other records are not in it.
struct HeldMemory {
  std::uint64_t units = 0;
  double bytes = 0;             ///< growth of the resident memory
  double page_table_bytes = 0;  ///< growth of the page tables
};

/// Medians over the repetitions. What is not there was not measured.
struct UnitCost {
  std::optional<double> create_join, change;  ///< ns for one unit made and ended; for one hand-over
  std::optional<HeldMemory> memory;           ///< with the most units that were measured
  /// Why a benchmark gave nothing: by its name, and for memory by the number of units.
  std::map<std::string, std::string> reasons;
  std::map<std::uint64_t, std::string> memory_reasons;
};

struct UnitCosts {
  std::map<std::string, UnitCost> kinds;  ///< by the KIND of unit_costs/KIND/...
  Facts machine;                          ///< what it was measured with and when; printable
};

/// Throws std::runtime_error with a sentence when `text` is not Google Benchmark's JSON, or has
/// nothing of the suite. Aggregates are left out: medians are made here.
UnitCosts unit_costs_from_json(std::string_view text);
/// The same; the sentence begins with the file.
UnitCosts read_unit_costs(const std::filesystem::path& file);

/// One row per kind, in the order from the least to the most.
Table unit_cost_table(const UnitCosts& costs);
/// Threads against coroutines in one sentence.
std::string unit_cost_headline(const UnitCosts& costs);
/// "switch of X; Y: reason", for every figure that the table does not have, or has of fewer units.
std::vector<std::string> unit_cost_gaps(const UnitCosts& costs);

/// As terminal_summary().
std::string unit_cost_terminal(const UnitCosts& costs, bool colour, int width);
/// Writes unit_costs.md and unit_costs.html. Makes `dir`.
void write_unit_costs(const UnitCosts& costs, const std::filesystem::path& dir);

}  // namespace atonce
