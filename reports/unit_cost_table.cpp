#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "reports/figures.h"
#include "reports/unit_costs.h"

namespace atonce {
namespace {

enum Part : unsigned { measured, said };

constexpr const char* not_in_file = "not in the file";
constexpr const char* create_join = "create+join";
constexpr std::string_view cooperative = "cooperative", pre_emptive = "pre-emptive";

/// What is known of a kind without measuring it.
struct Kind {
  std::string_view name, label;
  std::string_view usual_memory, usual_switch;  ///< as in talks and textbooks; empty: nothing is
  std::string_view scheduling, data;
  std::string_view without_switch = not_in_file;  ///< why the suite has none
  std::size_t group = 0;
};

constexpr std::array kinds{
    Kind{"coroutine", "C++20 coroutine", "a few KB", "tiny", cooperative, "shared"},
    Kind{"asio_coroutine", "Asio coroutine", "a few KB", "tiny", cooperative, "shared"},
    Kind{"callback", "Asio callback", "", "", cooperative, "shared"},
    Kind{"tbb_task", "TBB task", "", "", cooperative, "shared"},
    Kind{.name = "thread",
         .label = "thread",
         .usual_memory = "a few MB",
         .usual_switch = "medium",
         .scheduling = pre_emptive,
         .data = "shared",
         .group = 1},
    Kind{.name = "process",
         .label = "process, forked",
         .usual_memory = "tens of MB",
         .usual_switch = "large",
         .scheduling = pre_emptive,
         .data = "IPC",
         .group = 2},
    Kind{.name = "program",
         .label = "process, spawned",
         .usual_memory = "tens of MB",
         .usual_switch = "large",
         .scheduling = pre_emptive,
         .data = "IPC",
         .without_switch = "once both run, they switch as forked ones do",
         .group = 2},
};

UnitCost cost_of(const UnitCosts& costs, std::string_view kind) {
  const auto found = costs.kinds.find(std::string(kind));
  return found == costs.kinds.end() ? UnitCost{} : found->second;
}

Cell figure(Unit unit, std::optional<double> value) {
  return {value ? format(unit, std::round(*value)) : no_figure};
}

Cell word(std::string_view text) {
  return {text.empty() ? no_figure : std::string(text)};
}

std::vector<Column> columns() {
  return {{.header = "unit", .key = true},
          {.header = create_join,
           .meaning = "making one, having it run and waiting for its end, one after the other; CPU "
                      "time, but wall time of threads and processes",
           .number = true,
           .part = measured},
          {.header = "switch",
           .meaning = "from one to another and into it, in the same time: coroutines resume each "
                      "other, callbacks post each other, TBB tasks suspend themselves, threads "
                      "share a futex and processes two pipes, both pairs on one core",
           .number = true,
           .part = measured},
          {.header = "memory",
           .meaning = "growth of resident memory per unit that waits; what processes share "
                      "counts once, kernel stacks are not in it",
           .number = true,
           .part = measured},
          {.header = "page tables",
           .meaning = "growth of the page tables per unit that waits",
           .number = true,
           .part = measured},
          {.header = "at units",
           .meaning = "how many waited when memory was measured",
           .number = true,
           .part = measured},
          {.header = "usual memory",
           .meaning = "what is usually said, without measuring: for a thread, its reserved stack",
           .part = said},
          {.header = "usual switch", .meaning = "the same, of switching", .part = said},
          {.header = "scheduling",
           .meaning = "whether it must give way by itself or is interrupted",
           .part = said},
          {.header = "data", .meaning = "shared, or exchanged between processes", .part = said}};
}

TableRow row_of(const UnitCosts& costs, const Kind& kind) {
  const auto cost = cost_of(costs, kind.name);
  std::optional<double> bytes, page_tables;
  if (cost.memory) {
    bytes = cost.memory->bytes;
    page_tables = cost.memory->page_table_bytes;
  }
  return {.cells = {{std::string(kind.label)},
                    figure(Unit::nanoseconds, cost.create_join),
                    figure(Unit::nanoseconds, cost.change),
                    figure(Unit::bytes, bytes),
                    figure(Unit::bytes, page_tables),
                    {cost.memory ? fmt::to_string(cost.memory->units) : no_figure},
                    word(kind.usual_memory),
                    word(kind.usual_switch),
                    word(kind.scheduling),
                    word(kind.data)},
          .group = kind.group};
}

struct Gap {
  std::string what, reason;
  std::vector<std::string_view> who;
};

/// Gaps with one reason are told once, with all whom they concern.
void add(std::vector<Gap>& gaps, std::string what, std::string reason, const Kind& kind) {
  const auto same = std::ranges::find_if(
      gaps, [&](const Gap& gap) { return gap.what == what && gap.reason == reason; });
  auto& gap =
      same == gaps.end() ? gaps.emplace_back(Gap{std::move(what), std::move(reason), {}}) : *same;
  gap.who.push_back(kind.label);
}

void add_time(std::vector<Gap>& gaps, const UnitCost& cost, const Kind& kind,
              const std::string& benchmark, std::string_view without) {
  const auto found = cost.reasons.find(benchmark);
  const auto reason = found == cost.reasons.end() ? std::string(without) : found->second;
  add(gaps, benchmark == "create_join" ? create_join : benchmark, reason, kind);
}

void add_memory(std::vector<Gap>& gaps, const UnitCost& cost, const Kind& kind) {
  if (!cost.memory && cost.memory_reasons.empty()) add(gaps, "memory", not_in_file, kind);
  if (cost.memory_reasons.empty()) return;
  const auto& [units, reason] = *cost.memory_reasons.rbegin();
  if (!cost.memory)
    add(gaps, "memory", reason, kind);
  else if (units > cost.memory->units)
    add(gaps, fmt::format("memory of {} units", units), reason, kind);
}

}  // namespace

Table unit_cost_table(const UnitCosts& costs) {
  Table table{.columns = columns(), .rows = {}};
  for (const auto& kind : kinds) table.rows.push_back(row_of(costs, kind));
  return table;
}

std::vector<std::string> unit_cost_gaps(const UnitCosts& costs) {
  std::vector<Gap> gaps;
  for (const auto& kind : kinds) {
    const auto cost = cost_of(costs, kind.name);
    if (!cost.create_join) add_time(gaps, cost, kind, "create_join", not_in_file);
    if (!cost.change) add_time(gaps, cost, kind, "switch", kind.without_switch);
    add_memory(gaps, cost, kind);
  }
  std::vector<std::string> sentences;
  for (const auto& gap : gaps)
    sentences.push_back(
        fmt::format("{} of {}: {}", gap.what, fmt::join(gap.who, "; "), gap.reason));
  return sentences;
}

std::string unit_cost_headline(const UnitCosts& costs) {
  const auto coroutine = cost_of(costs, "asio_coroutine"), thread = cost_of(costs, "thread"),
             process = cost_of(costs, "process");
  if (!coroutine.change || !thread.change || !process.change || !coroutine.memory ||
      !thread.memory || !process.memory || coroutine.memory->bytes <= 0 || *coroutine.change <= 0)
    return "What one unit of concurrency costs";
  const auto memory = [&](const UnitCost& cost) {
    return (cost.memory->bytes + cost.memory->page_table_bytes) /
           (coroutine.memory->bytes + coroutine.memory->page_table_bytes);
  };
  const auto times = [](double ratio) { return fmt::format("{:.{}f}", ratio, ratio < 10 ? 1 : 0); };
  return fmt::format(
      "Against an Asio coroutine, a thread takes {} times the memory, page tables included, and {} "
      "times as long to switch; a forked process {} and {} times",
      times(memory(thread)), times(*thread.change / *coroutine.change), times(memory(process)),
      times(*process.change / *coroutine.change));
}

}  // namespace atonce
