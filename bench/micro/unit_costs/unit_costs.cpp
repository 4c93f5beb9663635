#include "bench/micro/unit_costs/unit_costs.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <exception>
#include <functional>

#include "bench/child_process.h"
#include "bench/micro/unit_costs/family_memory.h"
#include "bench/micro/unit_costs/unit_kind.h"

namespace atonce {
namespace {

using namespace std::chrono_literals;

const std::array kinds{&coroutine_kind, &asio_coroutine_kind, &callback_kind, &tbb_task_kind,
                       &thread_kind,    &process_kind,        &program_kind};

constexpr auto longest_measurement = 60s;

/// Prints the growth in bytes, of memory and of page tables.
int measure_memory(std::string_view kind_name, std::size_t units) try {
  const auto* const kind = *std::ranges::find(kinds, kind_name, &UnitKind::name);
  std::vector<FamilyMemory> readings;
  kind->hold(units, [&readings] { readings.push_back(family_memory()); });
  fmt::print("{} {}\n", readings[1].resident - readings[0].resident,
             readings[1].page_tables - readings[0].page_tables);
  return 0;
} catch (const std::exception& error) {
  fmt::print("{}\n", error.what());
  return 1;
}

int wait_for_end_of_input() {
  char byte = '!';
  if (write(STDOUT_FILENO, &byte, 1) != 1) return 1;
  while (read(STDIN_FILENO, &byte, 1) > 0) {
  }
  return 0;
}

void report(benchmark::State& state, const std::string& line, std::size_t units) {
  const auto each = [units](std::int64_t bytes) {
    return static_cast<double>(bytes) / static_cast<double>(units);
  };
  char* rest = nullptr;
  state.counters["bytes_per_unit"] = each(std::strtoll(line.c_str(), &rest, 10));
  state.counters["page_table_bytes_per_unit"] = each(std::strtoll(rest, nullptr, 10));
}

/// Its time is that of the whole run, and of no interest.
void memory(benchmark::State& state, const UnitKind& kind) {
  const auto units = static_cast<std::size_t>(state.range(0));
#ifdef ATONCE_SANITIZED
  state.SkipWithError("it would be the sanitizer's memory that is measured");
  return;
#endif
  if (kind.no_room)
    if (const auto reason = kind.no_room(units)) {
      state.SkipWithError(reason->c_str());
      return;
    }
  std::string line;
  for (auto _ : state) {
    ChildProcess child(
        {std::string(memory_argument), std::string(kind.name), fmt::to_string(units)});
    const Instant until = now() + longest_measurement;
    if (child.read_line(line, until) != ChildProcess::Read::line)
      line = "the run that measures it gave no figure in time";
    if (child.wait(until) != 0) {
      state.SkipWithError(line.c_str());
      return;
    }
  }
  report(state, line, units);
}

/// A machine that refuses threads or processes gives a reason instead of a figure.
void run_or_skip(benchmark::State& state, void (*body)(benchmark::State&)) try {
  body(state);
} catch (const std::exception& error) {
  state.SkipWithError(error.what());
}

void register_one(const UnitKind& kind) {
  const std::string name = fmt::format("unit_costs/{}/", kind.name);
  const auto add_time = [&](const char* cost, void (*body)(benchmark::State&)) {
    if (!body) return;
    auto* timed = benchmark::RegisterBenchmark((name + cost).c_str(), run_or_skip, body);
    if (kind.shared_work) timed->UseRealTime();
  };
  add_time("create_join", kind.create_join);
  add_time("switch", kind.change);
  auto* weighed = benchmark::RegisterBenchmark((name + "memory").c_str(), memory, std::cref(kind));
  weighed->ArgName("units")->Iterations(1)->Unit(benchmark::kMillisecond)->UseRealTime();
  for (const std::int64_t units : kind.counts) weighed->Arg(units);
}

}  // namespace

void register_unit_cost_benchmarks() {
  for (const UnitKind* kind : kinds) register_one(*kind);
}

std::optional<int> run_unit_cost_child(int argc, char** argv) {
  if (argc == 2 && argv[1] == wait_argument) return wait_for_end_of_input();
  if (argc == 4 && argv[1] == memory_argument)
    return measure_memory(argv[2], std::strtoull(argv[3], nullptr, 10));
  return {};
}

}  // namespace atonce
