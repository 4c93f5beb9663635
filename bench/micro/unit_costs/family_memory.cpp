#include "bench/micro/unit_costs/family_memory.h"

#include <unistd.h>

#include <fstream>
#include <string>

namespace atonce {
namespace {

/// The number after "KEY:", in bytes; 0 when the process is gone.
std::int64_t kilobytes_in(const std::string& file, std::string_view key) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);)
    if (line.starts_with(key)) return std::stoll(line.substr(key.size())) * 1024;
  return 0;
}

void add(const std::string& process, FamilyMemory& memory) {
  memory.resident += kilobytes_in("/proc/" + process + "/smaps_rollup", "Pss:");
  memory.page_tables += kilobytes_in("/proc/" + process + "/status", "VmPTE:");
}

}  // namespace

FamilyMemory family_memory() {
  FamilyMemory memory;
  add("self", memory);
  std::ifstream children("/proc/thread-self/children");
  for (std::string child; children >> child;) add(child, memory);
  return memory;
}

}  // namespace atonce
