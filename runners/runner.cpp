#include "runners/runner.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>

namespace atonce {

std::string_view name(Model model) {
  static constexpr std::array<std::string_view, 7> names{
      "none", "serial", "threads", "tasks", "coroutines", "event loop", "processes"};
  return names[static_cast<std::size_t>(model)];
}

const RunnerEntry* find_runner(std::string_view wanted) {
  const auto table = all_runners();
  const auto found =
      std::ranges::find(table, wanted, [](const RunnerEntry* entry) { return entry->name; });
  return found == table.end() ? nullptr : *found;
}

const RunnerEntry& runner_named(std::string_view wanted) {
  if (const RunnerEntry* entry = find_runner(wanted)) return *entry;
  std::string names;
  for (const RunnerEntry* entry : all_runners())
    names += (names.empty() ? "" : ", ") + std::string(entry->name);
  throw std::invalid_argument("there is no runner '" + std::string(wanted) +
                              "'; the runners are: " + names);
}

}  // namespace atonce
