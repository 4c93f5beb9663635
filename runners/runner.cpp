#include "runners/runner.h"

#include <algorithm>
#include <array>

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

}  // namespace atonce
